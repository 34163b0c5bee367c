//! Which of several matching routes is in charge: one `Ord`, nothing else.
