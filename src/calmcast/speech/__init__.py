"""Lines -> recordings: pronunciations, phrases, engines in their own processes, and the store."""
