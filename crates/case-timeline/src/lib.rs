//! The times of a case as a simple temporal network (Dechter, Meiri and Pearl, Artif Intell 1991;49:61-95).
//!
//! Each event of a case is a point in time; each statement ("after 4 months of treatment", "stopped 1 month later", "total
//! duration 6 months", "in June 2020", "at the age of 7") bounds the distance of two points, with the imprecision of its
//! words. Shortest paths over the bounds give, for every point that is tied to the presentation, the days between which it
//! lies; a negative cycle is a set of statements that cannot all hold, and is returned as such.
//!
//! ```text
//! Case ──points, bounds──> Network ──solve──> Timeline { events, conflicts }
//! ```

#![forbid(unsafe_code)]

mod date;
mod events;
mod network;

pub use events::{Conflict, Moment, Timeline, TimelineEvent, resolve, timeline};
