//! The real binary, asking stand-ins for GitHub and Secrets Manager: answers in the form GitHub's documentation gives
//! (<https://docs.github.com/rest>), shortened.

mod refusals;
mod repository;
mod search;
mod support;
mod tokens;
