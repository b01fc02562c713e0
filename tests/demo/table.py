"""The demo's table: one row a link, one line a run."""


def rows_of(run):
    for link in run["links"]:
        yield (run["connection_security"], link["participant"], link["address"], link["protocol"] or "clear",
               ", ".join(link["proved"]) or "-", link["message_security"])


def print_columns(rows):
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())


def print_table(runs):
    print_columns([("LINK", "SITE", "ADDRESS", "PROTOCOL", "PROVED (BY ITS OWN SIDE)", "MESSAGES")]
                  + [row for run in runs for row in rows_of(run)])
    print()
    head = ("LINK", "ADMITTED", "FILES", "REPLAY", "BAD_ORIGIN", "BAD_TOKEN", "LOGIN_REFUSED", "MB/S", "RTT P50", "RTT P99")
    print_columns([head] + [
        (run["connection_security"], run["admitted"], f"{run['files']['verified']}/{run['files']['sent']}",
         *(run["refused"][reason] for reason in ("replay", "bad_origin", "bad_token", "login_refused")),
         run["mb_per_s"], f"{run['rtt_us']['p50']} us", f"{run['rtt_us']['p99']} us") for run in runs])
