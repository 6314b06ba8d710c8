"""Records as documents for elsewhere: Markdown, iCalendar, SVG and others. Text out; no store, engine or door."""
