/** Words of databases, caches, files and numbers: a line is a group of words that point at one thing; `_` joins the words of a phrase. */
export const DATA = `
postgres postgresql pg psql postgre pgbouncer rds aurora supabase
mysql mariadb innodb percona
sqlite wal_mode busy_timeout better_sqlite libsql turso
mongo mongodb mongoose documentdb nosql document_store dynamodb cosmosdb firestore couchdb cassandra
redis valkey memcached elasticache keydb dragonfly memory_store key_value
database db rdbms sql datastore dbms relational postgres mysql mariadb sqlite oracle
orm active_record activerecord hibernate jpa sequelize prisma typeorm sqlalchemy django_orm entity_framework eloquent gorm drizzle knex doctrine
query sql select statement where_clause join subquery lookup
slow_query explain query_plan explain_analyze seq_scan sequential_scan full_table_scan table_scan planner optimizer
index indexes btree covering_index composite_index gin partial_index
n_plus_1 lazy_load lazy_loading eager_load preload select_related prefetch_related includes dataloader batch_load each_row one_query_per per_row query_per hundreds_queries identical_selects thousands_queries many_queries round_trip roundtrip
pagination paginate page pages paging offset limit cursor keyset seek infinite_scroll next_page scroll load_more
migration migrate schema_change alter_table ddl alembic flyway liquibase rename_column add_column drop_column not_null schema
expand_contract backward_compatible_migration zero_downtime dual_write two_phase two_step_migration online_migration gh_ost pt_osc
table_lock access_exclusive lock_timeout lock_table blocks_writes blocked_writes alter_table concurrently create_index
backfill existing_rows old_rows populate historical_data batches chunk chunks
transaction commit rollback atomic acid begin savepoint unit_work all_nothing half_write partially partial_write
isolation serializable repeatable_read read_committed phantom write_skew lose_update snapshot_isolation select_update
optimistic_lock optimistic_concurrency version_column row_version etag if_match lose_update overwrite overwrites overwritten last_write_wins concurrent_edit concurrent_edits same_record edit_conflict stale_write
pessimistic_lock select_update row_lock advisory_lock skip_locked
deadlock deadlocked lock_wait lock_order lock_ordering circular_wait waits_each_other
connection_pool pool pooling max_connections too_many_connections too_many_clients pgbouncer pool_size pool_exhausted connection_limit remaining_connection_slots hikari connections exhausted
replica replication read_replica standby follower replication_lag primary secondary stale_read read_writes just_saved eventual_consistency eventually_consistent lag behind
failover leader_election switchover promote high_availability ha standby quorum split_brain raft consensus etcd zookeeper
shard sharding partition partitioned hot_partition hot_shard hash_ring consistent_hashing rebalance
retention purge old_data archive archiving partition_month expire delete_old cleanup housekeeping prune vacuum bloat table_grows grows_without_bound rows_pile_up
soft_delete tombstone undelete trash restore_deleted recover_deleted
unique_constraint unique_index uniqueness duplicate_key already_exists unique_violation upsert insert_update merge_into
foreign_key referential_integrity constraint check_constraint orphan orphaned orphans dangling cascade invariant
duplicate duplicates duplicated twice double doubled two_times second_time again repeat repeated repeats doublets dedupe deduplicate deduplication
bulk bulk_insert batch_insert batching insert_many one_one row_row multi_row
import ingest ingestion loader load_data upload_file csv_import spreadsheet feed etl elt
export dump download report extract csv xlsx excel spreadsheet
csv tsv delimiter quoting quoted_fields comma semicolon spreadsheet excel column_header
excel xls xlsx spreadsheet sheets formula csv_injection
stream streaming chunked pipe backpressure iterator generator line_line piece_piece whole_file_memory load_everything readable writable
large_file huge_file big_file gigabyte gb gib multi_gigabyte tens_gigabytes large_files
json jsonb blob document_column schemaless nested
backup backups restore restored pitr point_time snapshot disaster_recovery rpo rto wal_archiving dump pg_dump recovery restore_test recover
data_loss lose_data lose loses losing vanish vanished disappear disappeared go missing wiped
corrupt corrupted corruption truncated half_file torn break_file garbage zero_bytes
event_sourcing event_store cqrs projection replay aggregate append_only append_only_log ledger
outbox transactional_outbox dual_write change_data_capture cdc debezium publish_after_commit event_lose message_lose commit_publish
full_text full_text_search search elasticsearch opensearch lucene solr meilisearch typesense tsvector trigram relevance ranking bm25 fuzzy autocomplete
reindex alias_swap index_rebuild rebuild_index blue_green_index
materialized_view rollup aggregate aggregation precompute precomputed summary_table denormalize denormalized counter_cache counters dashboard_query
warehouse bigquery snowflake redshift olap analytics data_lake parquet dbt lakehouse databricks spark star_schema fact_table
pipeline dag airflow dagster prefect batch_job nightly_job etl spark dataflow
late_data late_arriving watermark event_time windowing out_order late_events
data_quality validate_data anomaly bad_rows null_rate schema_drift great_expectations data_contract freshness completeness
schema_registry avro protobuf compatibility schema_evolution forward_compatible backward_compatible
idempotent rerun re_run repeatable same_input_twice overwrite_partition deterministic_output
uuid ulid guid snowflake_id primary_key auto_increment sequence identifier id_generation sequential_ids surrogate_key enumerate_ids
integer_overflow int32 bigint overflow max_int 2147483647 int4 sequence_exhausted out_range wraps precision_loss 53_bit max_safe_integer 64_bit
money currency price prices amount amounts cents cent euro dollar decimal bigdecimal rounding rounded round penny invoice total totals minor_units
float floating_point double_precision rounding_error ieee754 precision decimal_places off_cent
tax vat invoice invoicing billing bill ledger accounting bookkeeping double_entry reconciliation reconcile balance statement
null nullable undefined none nil optional maybe missing_value not_null null_pointer npe nonetype three_valued
enum enumeration status_field constants lookup_table state_column
timestamp datetime timestamptz epoch unix_time wall_clock iso_8601 iso8601 rfc3339
timezone time_zone utc tz local_time offset dst daylight_saving daylight summer_time winter_time clock_change clocks_change zoneinfo olson iana one_hour_off hour_early hour_late berlin wrong_day day_early previous_day one_day_off midnight
date day calendar month weekday birthday leap_year leap_day february end_month date_arithmetic week_number fiscal
monotonic_clock clock_skew ntp clock_drift performance_now elapsed hrtime time_goes_backwards negative_duration
cron crontab schedule scheduled scheduler nightly periodic every_night recurring recurrence rrule timer every_hour daily weekly job_scheduler
recurring_event recurrence repeat_every calendar_event rrule ical ics appointments meeting
cache caching cached memoize memoization memo lru ttl cache_aside precomputed redis memcached hit_rate cdn
cache_invalidation invalidate invalidation stale stale_cache outdated old_value old_version still_shows bust cache_busting evict eviction purge refresh not_updated out_date
stampede thundering_herd dogpile cache_miss single_flight singleflight request_coalescing expire_once same_time expiry hot_key same_moment
cache_key cache_poisoning vary per_user_cache shared_cache cached_everyone leaks_between_users wrong_user other_user someone_else another_user sees_another another_customer
negative_cache negative_caching not_found_cached missing_keys cache_penetration bloom_filter
ttl expiry expire expires expired expiration time_live lifetime max_age valid_until
cdn cloudfront cloudflare fastly akamai edge edge_cache cache_control max_age s_maxage immutable surrogate_key
etag last_modified conditional_request 304 not_modified if_none_match
encoding utf8 utf_8 unicode charset codepage latin1 latin_1 windows_1252 iso_8859 mojibake bom byte_order_mark utf16 utf_16 garbled umlaut umlauts accent accents accented question_marks diamonds weird_characters special_characters
normalization nfc nfd nfkc unicode_normalization normalise combining canonical look_same looks_same decomposed homoglyph diacritics
emoji grapheme surrogate surrogate_pair code_point codepoint string_length truncation utf8mb4 cut_half split_emoji
collation sort_order sort sorting sorted locale_compare alphabetical case_insensitive lower casefold turkish_i natural_sort
regex regexp regular_expression pattern_match redos catastrophic_backtracking backtracking evil_regex hangs_input
parser parse parsing lexer tokenizer grammar ast syntax recursive_descent peg precedence compiler interpreter
serialization serialize deserialize marshal unmarshal pickle protobuf msgpack json yaml encode decode codec
yaml yml toml ini config_file norway_problem anchors indentation
xml soap xslt xsd xxe sax dom_parser namespaces
pdf wkhtmltopdf puppeteer print printing render_document
atomic_write rename temp_file temporary_file write_then_rename fsync durable half_write torn_write crash_while_writing partial_file power_loss
file_lock flock lockfile pid_file exclusive advisory
path filename file_name directory folder separator backslash windows_path case_sensitive case_insensitive symlink path_traversal long_path
line_ending crlf lf newline gitattributes carriage_return eol autocrlf
filesystem disk inode mount nfs volume enospc no_space_leave disk_full storage
object_storage s3 bucket gcs minio r2 azure_blob blob_storage presigned signed_url multipart direct_upload presigned_url attachment upload uploads
upload uploads file_upload multipart attachment attachments form_data resumable tus
image images picture pictures photo photos thumbnail thumbnails resize avatar jpeg png webp avif srcset exif imagemagick sharp
video audio transcode transcoding encode ffmpeg hls mp4 media recording playback codec
compress compression gzip brotli zstd deflate zip payload_size
hash checksum sha256 md5 digest fingerprint content_hash crc integrity etag
diff patch compare delta change_detection merge three_way crdt operational_transform collaborative offline_edits
graph tree hierarchy recursive recursive_cte adjacency nested_set parent_child closure_table ancestors descendants cycle
geo geospatial postgis latitude longitude distance coordinates map radius bounding_box haversine gps
sampling reservoir percentile histogram approximate hyperloglog distinct_count sketch
audit_log audit_trail who_changed who_do history change_log accountability append_only tamper compliance trail
multi_tenant multitenant tenant tenants tenancy row_level_security rls tenant_id per_customer customer_isolation cross_tenant other_customer other_companies another_company
gdpr dsgvo privacy personal_data pii erasure right_forget anonymize anonymise pseudonymize mask masking consent data_subject redact redaction ccpa hipaa forget_me delete_account
seed_data fixtures test_data anonymized production_copy prod_data copy_production faker
`;
