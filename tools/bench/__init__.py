"""How fast calmcast is, side by side with plain tools that do the same, in one run: `make bench`.

`rows` says what is measured against what, and what is expected of it; `docs/performance.md` explains it.
"""
