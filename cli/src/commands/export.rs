//! `export`: memories as lines that `import` reads, or as Markdown for people.

use anyhow::Result;
use domain::{Kind, View};
use store::{ListWish, PageEnd};

use crate::args::Export;
use crate::house::House;
use crate::out::harmless;
