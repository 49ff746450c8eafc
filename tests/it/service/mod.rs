//! End to end: a real server on port 0 and a real client.

mod answer_size;
mod availability;
mod checks;
mod errors;
mod hostile;
mod html;
mod identity;
mod issuer;
mod key_sets;
mod lifecycle;
mod output;
mod polishing;
mod polishing_mail;
mod pressure;
mod privacy;
mod settings;
mod standing;
mod support;
mod tls;
mod tokens;
mod web;
