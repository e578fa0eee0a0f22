//! Operations that people care about, one file each: who acts, what must be reached, what must be allowed.
//!
//! A check finds the places in a design where its operation can happen and says for each what is
//! needed. It decides nothing: flows go to the network solver, permissions to the access solver.
