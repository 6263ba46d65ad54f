//! The laws of the house as tests: who may depend on whom, who writes which table, how long a file
//! may be and what it may not be called. A test that fails names the law and the place.
//!
//! The laws themselves are in `crates/README.md`; a new arrow or exception goes into the table here,
//! in the same commit.

#[cfg(test)]
mod arrows;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod connectors;
#[cfg(test)]
mod form;
#[cfg(test)]
mod manifest;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod rust;
#[cfg(test)]
mod slices;
#[cfg(test)]
mod tree;
