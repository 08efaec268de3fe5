#![doc = include_str!("../README.md")]

pub mod activities;
pub mod basemap;
pub mod bounds;
pub mod countries;
pub mod graph;
pub mod index;
pub mod live;
mod tables;
