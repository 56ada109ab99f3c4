/** Words of testing, programming, concurrency, performance and memory. */
export const CODE = `
test tests testing spec specs suite unit_test unit_tests jest vitest pytest junit mocha rspec test_case test_suite
flaky flake flakes flakiness intermittent intermittently sporadic sporadically random randomly unreliable nondeterministic sometimes now_then red_random one_ten fails_sometimes rerun once_while occasionally unstable trustworthy
sleep wait waits waiting waitfor wait_timeout settimeout poll_until eventually await_condition fixed_delay arbitrary_delay pause delay timing
test_order order_dependent shared_state test_isolation leftover leftovers leaking_state alone passes_alone parallel_tests test_pollution global_state fails_together random_order
fake_clock fake_timers freeze_time clock_injection time_dependent depends_date fails_midnight fails_mondays date_now mock_time inject_clock end_month last_day
mock mocks mocking stub stubs fake fakes spy test_double patch over_mocked mocked_everything
integration_test integration_tests testcontainers real_database end_end e2e system_test
e2e end_end playwright cypress selenium webdriver browser_test ui_test page_object puppeteer
selector selectors locator test_id data_testid css_selector xpath brittle break_markup
snapshot snapshots snapshot_test golden_file approval_test jest_snapshot visual_regression screenshot baseline
visual_regression screenshot screenshots pixel pixels percy chromatic storybook looks_different
property_based fuzz fuzzing fast_check hypothesis quickcheck generative random_inputs invariants edge_cases corner_cases shrinking round_trip
mutation_testing coverage test_coverage code_coverage stryker uncovered untested assertion_quality tests_cannot_fail
slow_tests test_suite_takes speed_up_tests parallelize test_sharding test_time suite_takes minutes
test_data factory factories builder builders fixture fixtures setup object_mother
tdd red_green test_first regression_test failing_test bug_fix
bug bugs defect issue regression break fault wrong incorrect misbehaves
race race_condition races concurrent concurrency simultaneous simultaneously same_time parallel interleaving check_then_act toctou read_modify_write lose_update two_requests two_users thread_safe data_race counter_wrong
lock locks locking mutex semaphore synchronized critical_section monitor spinlock contention
thread threads threading thread_pool threadpool multithreaded worker_thread goroutine goroutines pool executor fork_join virtual_threads
async asynchronous await promise promises future futures callback coroutine asyncio event_loop tokio unawaited floating_promise then
event_loop blocked blocking block freeze freezes cpu_bound synchronous sync_call stalls worker_threads main_thread starves everything_waits
unbounded_concurrency promise_all concurrency_limit p_limit semaphore too_many_once all_once emfile too_many_open_files limit_parallel fan_out
goroutine_leak leaked_goroutine context_cancellation never_exits abandoned cancel
cancel cancellation abort abortcontroller abort_signal context stale_response stop_request outdated_response
actor actors message_passing channel channels csp erlang akka
performance perf slow slower slowly latency fast faster speed speed_up sluggish p95 p99 p50 milliseconds laggy takes_seconds takes_minutes response_time optimize optimise optimization bottleneck seconds ages crawls
profile profiling profiler flamegraph flame_graph pprof perf_record bottleneck hotspot hot_spot where_time_goes spends_time cpu_time cpu sampling guess
memory ram heap rss gc garbage_collection oom out_memory oomkilled memory_usage resident allocation allocations
memory_leak leak leaks leaking grows growing grows_steadily goes_up climbs retained heap_snapshot heap_dump never_freed detached listeners unbounded_map oomkilled
gc garbage_collector stop_world pauses gc_pause allocation_rate jvm
file_descriptor descriptors fd emfile ulimit too_many_open_files handle handles not_closed leak unclosed close resource
resource_cleanup close finally defer using context_manager dispose raii cleanup release
algorithm complexity quadratic n_squared nested_loop linear_scan hash_map data_structure big_o exponential
cpu core cores usage load hundred_percent processor
startup boot cold_start startup_time launch start_time lazy_import import_time slow_start
batch batching coalesce debounce group_together bundle one_time
lazy deferred eager
immutable immutability mutation mutable mutate shared_reference aliasing defensive_copy freeze side_effect mutable_default
functional pure_function side_effects functional_core imperative_shell pure composition
state_machine states transitions illegal_states discriminated_union tagged_union sum_type boolean_flags make_illegal_states_unrepresentable exhaustive
value_object newtype branded_type primitive_obsession stringly_typed mixed_up_ids domain_type units
domain ddd domain_driven bounded_context aggregate ubiquitous_language entity business_rules business_logic
dependency_injection di ioc inject constructor_injection container service_locator singleton global globals testability hard_test
interface abstraction inheritance composition polymorphism solid coupling cohesion decouple decoupled
event events event_driven emitter listener listeners observer subscribe unsubscribe handler
error_handling result_type either exceptions error_wrapping wrap cause context error_boundary
recursion recursive stack_overflow call_stack depth maximum_call_stack deep_nesting
off_one boundary fencepost inclusive exclusive half_open range edge last_element
random seed seeded rng reproducible deterministic shuffle
equality equals comparison identity hashcode deep_equal
rust borrow_checker lifetime unsafe cargo crate ownership
go golang goroutine nil_interface gofmt
python pip pep8 virtualenv django flask fastapi pandas numpy gil
java jvm spring springboot kotlin maven gradle
javascript js node ecmascript typescript deno bun
ruby rails rake gem
php laravel symfony composer wordpress
dotnet csharp aspnet
c cpp undefined_behavior segfault sanitizer asan valgrind use_after_free buffer_overflow
wasm webassembly
spreadsheet_formula rule_engine rules_engine dsl expression_language business_rules decision_table
generics template macro metaprogramming reflection decorator annotation
code_generation codegen generated template scaffolding generator
naming rename names terminology vocabulary
comment comments docstring jsdoc
deprecated legacy obsolete old_code remove sunset
`;
