"""The metrics that chapters name."""

from __future__ import annotations

SUMMARY = ("ticket_created", "csat_mean", "fcr_rate", "timely_rate", "ontime_visit_rate",
           "frt_mean_min", "callback_rate")  # fmt: skip
VOLUME = ("ticket_created", "ticket_resolved", "ticket_closed", "backlog_end", "daily_avg_handled",
          "per_agent_handled", "peak_ratio", "complaint_share", "return_rate_share")  # fmt: skip
RESPONSE = ("frt_mean_min", "frt_median_min", "frt_p90_min", "frt_sla_rate", "frt_unresponded",
            "frt_channel_gap", "peak_delay_rate", "connect_rate", "abandon_rate")  # fmt: skip
RESOLUTION = ("res_mean_h", "res_median_h", "res_p90_h", "res_sla_rate", "fcr_rate",
              "first_line_rate", "followup_resolve_rate", "reopen_rate", "transfer_rate",
              "repeat_dispatch_rate", "complex_cycle_wd", "basic_resolve_rate",
              "overdue_total", "escalation_rate", "knowledge_use_rate")  # fmt: skip
SATISFACTION = ("csat_mean", "csat_rate", "csat_very_rate", "csat_low_rate", "csat_dim_attitude",
                "csat_dim_speed", "csat_dim_skill", "csat_dim_result", "nps",
                "survey_response_rate", "low_score_loop48_rate", "low_score_recovery_rate")  # fmt: skip
COMPLAINTS = ("complaint_received", "timely_rate", "completion_rate", "closure_rate", "ack_rate",
              "handling_mean_h", "handling_csat_rate", "repeat_rate", "second_rate", "upheld_rate",
              "compensation_sum", "complaint_per_1k")  # fmt: skip
COMPLAINT_CLASSES = ("complaint_on_time", "complaint_late_resolved", "complaint_overdue_open",
                     "complaint_not_yet_due", "complaint_withdrawn")  # fmt: skip
REPEATED = ("repeat_count", "repeat_rate", "second_rate", "group_count", "social_count")
