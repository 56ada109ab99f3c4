/** Words of builds, repositories, deployment, infrastructure and operation. */
export const DELIVERY = `
ci cd continuous_integration github_actions gitlab_ci jenkins circleci buildkite runner runners pipeline workflow build_server actions
build builds compile compiles compilation bundler make gradle maven bazel build_time compiler
slow_build build_time slow_ci slow_pipeline ci_takes build_cache remote_cache caching_dependencies incremental_build turborepo nx affected only_changed whole_monorepo
monorepo workspaces turborepo nx lerna packages pnpm_workspace affected all_packages
reproducible reproducibility deterministic_build hermetic works_machine same_commit differs_between_machines lockfile pinned npm_ci fresh_clone
works_machine only_ci locally green_locally passes_locally environment_difference
dependency dependencies package packages npm yarn pnpm pip poetry cargo gem nuget library libraries node_modules composer
dependency_update upgrade upgrades bump major_version renovate dependabot outdated update_dependencies newer_version semver
lockfile lock_file package_lock yarn_lock pin pinned pinning exact_version caret version_range floating_version transitive
peer_dependency duplicate_dependency two_versions two_copies hoisting singleton instanceof_fails version_conflict dependency_hell diamond
esm commonjs cjs module_format import_require dual_package exports_field err_require_esm
release releases changelog semver semantic_release changesets tag publish version_bump release_notes versioning npm_publish
deploy deployment deployments deploys rollout roll_out release ship go_live production prod redeploy
rolling_update rolling_deploy old_new mixed_versions two_versions_once during_rollout old_pods compatibility
blue_green canary progressive_delivery traffic_split staged_rollout gradual gradually percent_users argo_rollouts percentage
rollback roll_back revert undo_deploy bad_release previous_version go_back break_release
feature_flag feature_flags flag flags toggle toggles launchdarkly unleash kill_switch dark_launch switch_off turn_off stale_flags
trunk_based feature_branch long_lived_branch merge_conflict merge_conflicts rebase small_pull_requests stacked integrate_often
git commit commits branch branches merge rebase cherry_pick history bisect squash stash worktree submodule repository repo
git_bisect bisect regression which_commit when_do_break last_good
git_history filter_repo bfg rewrite_history large_files lfs remove_history big_repo clone_slow repo_size
code_review review reviews pull_request pr prs merge_request codeowners reviewer approve
lint linter eslint prettier formatter formatting format style biome static_analysis pre_commit ruff black rubocop code_style
baseline existing_violations new_violations ratchet suppress thousands_warnings legacy_warnings gradually_stricter strict_mode
typescript ts types type_safety strict any typed typing mypy type_hints type_check tsc type_errors
codemod jscodeshift mechanical_change automated_refactoring ast_transform hundreds_files mass_change bulk_edit search_replace rename_everywhere
refactor refactoring restructure cleanup clean_up tidy simplify tech_debt technical_debt untangle spaghetti legacy_code god_class big_function long_function
characterization_test golden_master approval_test legacy no_tests untested pin_behaviour before_changing scared_touch nobody_dares
dead_code unused unused_code unused_exports remove_code knip tree_shaking unreachable
circular_dependency import_cycle circular_import dependency_cycle layering layers architecture_test module_boundary undefined_import
configuration config settings env environment_variable environment_variables env_vars twelve_factor config_map dotenv misconfigured options
config_validation fail_start startup_check missing_variable missing_env fail_fast typo_config wrong_config undefined_production
docker container containers image images dockerfile oci podman compose docker_compose containerize
image_size multi_stage layer_cache slim distroless alpine docker_build layer_order build_context dockerignore image_large gigabyte_image
kubernetes k8s pod pods kubectl helm deployment_yaml cluster eks gke aks node_pool daemonset statefulset kustomize
resource_limits cpu_limit memory_limit requests_limits throttled oomkilled cgroup evicted noisy_neighbor
terraform iac infrastructure_code pulumi cloudformation ansible state_file drift cdk opentofu provisioning provision plan_apply
manual_change clickops drift console_change
cloud aws gcp azure ec2 cost costs bill billing spend finops expensive budget invoice savings spot reserved egress
environment staging preview preview_environment ephemeral_environment review_app test_environment per_pull_request sandbox_environment
onboarding dev_environment devcontainer setup_script new_developer new_hire local_setup getting_started nix asdf mise bootstrap makefile first_day
documentation docs readme runbook guide manual docs_out_date stale_docs tutorial wiki
adr decision_record architecture_decision why_we decided design_doc rfc rationale
log logging structured_logging log_level logger json_log log_lines stdout pino winston log4j slf4j logged grep
log_volume too_many_log noisy_log log_cost sampling debug_log log_flood log_rotation
correlation_id request_id trace_id tracing trace traces distributed_tracing opentelemetry otel span spans jaeger follow_request across_services propagate
metric metrics prometheus grafana datadog monitoring monitor observability dashboard instrumentation statsd gauge histogram counter telemetry
cardinality high_cardinality label labels time_series_explosion user_id_label series prometheus_memory
alert alerts alerting pager pagerduty oncall paged page_night false_alarm alert_fatigue noisy_alerts wakes_us wake symptom_based threshold
slo sli sla error_budget burn_rate availability uptime reliability objective nines
incident incidents outage outages downtime postmortem post_mortem root_cause war_room down blameless runbook
root_cause debug debugging diagnose diagnosis investigate investigation find_out track_down reproduce hypothesis symptom cause
error_tracking sentry rollbar exception exceptions stack_trace stacktrace crash_report traceback unhandled swallowed source_map
swallowed_exception empty_catch silent silently ignored_error no_error nothing_logged catch_all hides_errors fails_silently error_handling unnoticed
exception error errors throw raise catch try_catch panic fault failure failures fails unhandled_rejection
exit_code return_code set_e pipefail bash shell_script script sh shellcheck posix strict_mode
cli command_line terminal tty flags arguments argv stdout stderr prompt progress_bar tui
signal ctrl_c sigint interrupt cancel abort
mobile_release app_store play_store testflight forced_upgrade old_app_versions
migration_plan cutover parallel_run shadow_traffic compare_results switch_over strangler dual_run old_new_system double_run
load_test load_testing k6 gatling jmeter locust stress_test soak capacity_test benchmark
benchmark benchmarking microbenchmark measure measurement regression noise baseline warmup statistically variance perf_test
chaos fault_injection game_day kill_node resilience failure_injection
version_skew protocol_version mismatch incompatible handshake_version
license licenses licensing licence spdx copyright notice gpl
embedded firmware microcontroller iot ota device devices arduino esp32 rtos flash
`;
