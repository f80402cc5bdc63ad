"""Verbs of change orders: `drafting` what one says and holds, `review` from submission to the end, `releasing` what was approved."""
