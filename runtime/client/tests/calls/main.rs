//! Calls as generated crates make them, against real servers and scripted transports.

mod api;
mod script;

mod answers;
mod auth;
mod blocking;
mod deadline;
mod errors;
mod faults;
mod observe;
mod paging;
mod requests;
mod retry;
mod secrets;
mod streams;
mod tls;
mod transports;
