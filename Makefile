# A Rust toolchain is the only prerequisite: deploy/provision.sh installs the rest by apt.
SHELL := bash
.DEFAULT_GOAL := help

# nextest where it is installed (a process per test, slow ones named); cargo's own runner elsewhere.
run-tests = cargo $$(cargo nextest --version >/dev/null 2>&1 && echo nextest run || echo test)

# What the dashboard is built from.
dashboard-sources = $(shell find services/dashboard/src services/dashboard/public -type f) $(addprefix services/dashboard/,index.html vite.config.ts tsconfig.json package.json)

.PHONY: help demo dashboard openapi test e2e schemathesis lighthouse test-newer torture bench fmt clippy doc tidy gate

help: ## list the targets
	@sed -nE 's/^([a-z0-9-]+):[^#]*## (.*)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r target what; do printf '%-12s %s\n' "$$target" "$$what"; done

demo: dashboard ## everything in one process, with a private PostgreSQL and simulated providers
	deploy/provision.sh postgres && cargo run -p hilo -- up

dashboard: services/dashboard/dist/index.html ## the dashboard's files, where its sources are newer

services/dashboard/dist/index.html: services/dashboard/node_modules/.package-lock.json $(dashboard-sources)
	cd services/dashboard && ../../deploy/node.sh npm run build

services/dashboard/node_modules/.package-lock.json: services/dashboard/package-lock.json
	cd services/dashboard && ../../deploy/node.sh npm ci --no-audit --no-fund && touch node_modules/.package-lock.json

openapi: ## the document of the API, as the dashboard is typed after it
	cargo build -p hilo && cargo run -q -p hilo -- openapi >services/dashboard/openapi.json && cd services/dashboard && ../../deploy/node.sh npm run gen:api

test: dashboard ## every test: Rust beside a private PostgreSQL and RabbitMQ, the dashboard, a real browser
	deploy/provision.sh postgres rabbitmq python && deploy/with-services.sh --rabbitmq $(run-tests) --workspace
	cd services/dashboard && ../../deploy/node.sh npm run check
	HILO_BINARY=$${CARGO_TARGET_DIR:-target}/debug/hilo $(MAKE) --no-print-directory e2e

e2e: dashboard ## the stories of people in a real Chromium, through the whole system; pictures in target/screenshots
	deploy/provision.sh postgres chromium && deploy/with-hilo.sh deploy/node.sh npm --prefix services/dashboard run e2e

schemathesis: ## does the API keep what its document says?
	deploy/provision.sh postgres python && deploy/with-hilo.sh $$(deploy/python.sh services/hilo/tests/python/schemathesis.requirements.txt) services/hilo/tests/python/schemathesis_peer.py

lighthouse: dashboard ## how fast, accessible and sound the inbox is; a report in target/lighthouse
	deploy/provision.sh postgres chromium && deploy/node.sh npm --prefix services/dashboard/lighthouse ci --no-audit --no-fund && deploy/with-hilo.sh --customers 12 deploy/node.sh node services/dashboard/lighthouse/run.mjs

test-newer: ## the bus contract and the whole-system tests on RabbitMQ 4.0 and PostgreSQL 17 (root)
	deploy/provision.sh python && deploy/with-services.sh --newer --rabbitmq $(run-tests) -p bus -p outbox -p hilo

torture: ## kill -9 of services, broker and database under load, then count what was lost
	deploy/provision.sh postgres rabbitmq && cargo build --release -p ingress -p conversations -p responder -p gateway && deploy/with-services.sh --rabbitmq --durable cargo run --release -p hilo --example torture

bench: ## the benchmarks, beside the Python stack that Hilo replaces
	deploy/provision.sh python && deploy/with-services.sh --rabbitmq --durable cargo bench -p hilo --bench house

fmt: ## is everything formatted?
	cargo fmt --all --check

clippy: ## lints; a warning is an error
	deploy/provision.sh && cargo clippy --workspace --all-targets -- -D warnings

doc: ## do the docs build, without a broken link?
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

tidy: ## the arrows, the slices, sizes, names, the catalogue
	cargo test -p tidy

gate: ## what CI runs: fmt, clippy, doc, test (tidy is one of the tests)
	@for step in fmt clippy doc test; do SECONDS=0; $(MAKE) --no-print-directory $$step || exit; echo "gate: $$step passed in $$SECONDS s"; done
