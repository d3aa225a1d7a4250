//! More than one job under way: only beside a model that answers, and never two of one project.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use async_trait::async_trait;
use domain::{Ask, Ended, Model, ModelError, Reply, Usage};
use jiff::Timestamp;

use crate::house::House;

const SAID: &str =
    "In this repository pnpm is what installs packages, npm is not, because of the lockfile.";

/// How many requests are under way, and how many were at the most.
#[derive(Default)]
struct Counted {
    now: AtomicUsize,
    most: AtomicUsize,
    all: AtomicUsize,
}

/// Answers when everybody else has had a turn.
struct Patient(Arc<Counted>);

#[async_trait]
impl Model for Patient {
    fn name(&self) -> &str {
        "patient"
    }

    fn host(&self) -> Option<&str> {
        Some("api.example")
    }

    fn keeps_schema(&self) -> bool {
        false
    }

    fn window(&self) -> usize {
        32_000
    }

    async fn ask(&self, _: &Ask) -> Result<Reply, ModelError> {
        let Self(counted) = self;
        let now = counted.now.fetch_add(1, SeqCst) + 1;
        counted.most.fetch_max(now, SeqCst);
        counted.all.fetch_add(1, SeqCst);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        counted.now.fetch_sub(1, SeqCst);
        Ok(Reply {
            text: "<none/>".to_owned(),
            ended: Ended::Whole,
            at: Timestamp::UNIX_EPOCH,
            usage: Usage::default(),
        })
    }
}

/// Reads five sessions in so many projects, and returns what was counted.
async fn read(seats: usize, projects: usize) -> Arc<Counted> {
    let mut house = House::new().await;
    let counted = Arc::new(Counted::default());
    house.model = Some(Box::new(Patient(Arc::clone(&counted))));
    house.rules.seats = seats;
    for number in 0..5 {
        let cwd = PathBuf::from(format!("/srv/shop{}", number % projects));
        let name = format!("session{number}");
        let path = house.write_session_in(&cwd, &name, &[SAID], "2026-03-02T10:00:00Z");
        house.enqueue_source(&path).await;
    }
    house.drain().await;
    assert_eq!(counted.all.load(SeqCst), 5, "each session is asked about");
    counted
}

#[tokio::test]
async fn jobs_of_several_projects_wait_for_a_model_together_and_no_more_than_there_are_seats() {
    let counted = read(2, 5).await;
    assert_eq!(counted.most.load(SeqCst), 2);
}

#[tokio::test]
async fn of_one_project_one_job_is_under_way_however_many_seats_there_are() {
    let counted = read(4, 1).await;
    assert_eq!(counted.most.load(SeqCst), 1);
}

#[tokio::test]
async fn with_one_seat_one_job_is_under_way() {
    let counted = read(1, 5).await;
    assert_eq!(counted.most.load(SeqCst), 1);
}
