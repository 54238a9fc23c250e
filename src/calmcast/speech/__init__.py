"""Lines -> recordings: pronunciations, phrases, engines in their own processes, and the store."""

import os

# onnxruntime counts what it is used for, under a number of its own for this computer, and tells its maker. It looks for
# this where it is loaded, and here is before that: what is spoken with calmcast is nobody's business.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
