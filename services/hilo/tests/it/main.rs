//! The whole system: four services in one process, a real database, either bus, and the simulated
//! world outside. Each file is named after what a user would say.
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "tests fail by panicking"
)]

mod app;
mod browser;
mod customer;
mod operations;
mod recorder;
mod torture;

mod a_person_takes_over;
mod another_account_sees_nothing;
mod i_asked_for_a_person;
mod i_left_and_came_back;
mod i_texted_and_was_answered;
mod i_texted_several_times;
mod my_text_did_not_get_through;
mod the_crash_test_lets_nothing_pass;
mod the_document_is_current;
mod the_receipts_came_late;
mod twilios_own_library_agrees;
mod we_are_two_companies;
mod we_restarted_a_service;
mod we_watch_it_run;
