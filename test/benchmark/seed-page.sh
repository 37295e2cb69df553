#!/bin/bash
# The commands of the page that tourniquet comes from, in its order, as somebody types them who follows it to the
# letter and reads what they print with good sense: look at connections, block the suspicious address both ways, look at
# what uses the processor, end it, purge its file, look at the hosts file and at scheduled tasks.
# Runs in a sandbox of a drill, against what is pretended there, and nowhere else.
[ -f /run/tourniquet-drill/marker ] || { echo 'this only runs in the sandbox of a drill' >&2; exit 86; }
stamp() { echo "$1 $(date +%s.%N)"; }
own='127\.|198\.51\.100\.' # the loopback and the machines of the house

# netstat -antp: remote addresses that are not used by the business.
connections() { netstat -antp 2> /dev/null || ss -antp; }
suspicious=$(connections | grep -i estab | awk '{ print $5 }' | sed 's/:[0-9]*$//' | grep -Ev "$own" | sort -u)
for c2_address in $suspicious; do
  iptables -A INPUT -s "$c2_address" -j DROP
  iptables -A OUTPUT -d "$c2_address" -j DROP
done
stamp contained

# The process that such a connection belongs to, and the busiest one if it has one; then its file.
pids=$(connections | grep -F "$suspicious" | grep -oE 'pid=[0-9]+|[0-9]+/' | tr -dc '0-9\n' | sort -u)
for pid in $pids; do
  [ -n "$suspicious" ] || break
  file=$(readlink "/proc/$pid/exe")
  folder=$(dirname "$file")
  kill -9 "$pid"
  [ -f "$file" ] && rm -f "$file"
  found="$found
$file
$folder"
done

# Does the hosts file hold addresses of pools? Are there scheduled tasks of the miner?
for address in $suspicious; do sed -i "/$address/d" /etc/hosts; done
printf '%s\n' "$found" | sort -u | while IFS= read -r path; do
  case $path in '' | / | /usr/bin | /bin | /usr/sbin) continue ;; esac
  grep -lF -- "$path" /etc/crontab /etc/cron.*/* /var/spool/cron/* /var/spool/cron/crontabs/* 2> /dev/null | while IFS= read -r task; do
    grep -vF -- "$path" "$task" > "$task.new"
    cat "$task.new" > "$task"
    rm -f "$task.new"
  done
done
stamp evicted
