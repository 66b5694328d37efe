//! `document://{+path}` as Lambda runs it: the real binary, with a folder on disk or a stand-in for S3.

mod disk;
mod s3;
mod support;
