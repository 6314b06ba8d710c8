"""Records as documents for elsewhere: Markdown, iCalendar, Mermaid. Text out; no store, no engine, no door."""
