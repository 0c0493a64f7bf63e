"""Charts: one picture a question, drawn with Altair from results, without a browser."""
