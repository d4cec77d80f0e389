# HELP storage_replay_capability_degraded 1 if the last run replayed nothing, too little, or something else than it should; else 0.
# TYPE storage_replay_capability_degraded gauge
storage_replay_capability_degraded{target="storage"} 1
# HELP storage_replay_success_rate Entries of the last run that were applied or acknowledged, of all.
# TYPE storage_replay_success_rate gauge
storage_replay_success_rate{target="storage"} 0
# HELP storage_replay_success_rate_threshold The success rate below which replay is degraded.
# TYPE storage_replay_success_rate_threshold gauge
storage_replay_success_rate_threshold{target="storage"} 0.95
# HELP storage_replay_last_run_timestamp_seconds When the last run ended.
# TYPE storage_replay_last_run_timestamp_seconds gauge
storage_replay_last_run_timestamp_seconds{target="storage"} 1795715666.821402
# HELP storage_replay_last_run_duration_seconds Wall time of the last run.
# TYPE storage_replay_last_run_duration_seconds gauge
storage_replay_last_run_duration_seconds{target="storage"} 0.001832
# HELP storage_replay_last_run_exit_status The exit status of the last run.
# TYPE storage_replay_last_run_exit_status gauge
storage_replay_last_run_exit_status{target="storage"} 2
# HELP storage_replay_last_run_info What the last run replayed, and what it gave.
# TYPE storage_replay_last_run_info gauge
storage_replay_last_run_info{target="storage",archive="x",state_root="",golden_root="",verdict="NONE"} 1
# HELP storage_replay_build_info The program that wrote this page.
# TYPE storage_replay_build_info gauge
storage_replay_build_info{version="0.6.0",revision="unknown",swift_version="6.3"} 1
