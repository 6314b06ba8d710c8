"""Documents from elsewhere as drafts: who wrote what, at which place. They know no store, no engine and no door."""
