# hostapd.sh - Debian's hostapd as RADIUS and EAP server in front of our authentication centre; sourced after check.sh.

# hostapd_start [LINE...]: with these lines more in its configuration. Its users are in $scratch/users, the centre's socket is
# $scratch/auc.sock; sets $port and $hostapd_pid, its log is $scratch/hostapd.log. A port may be taken by others meanwhile: five tries.
hostapd_start() {
	echo '127.0.0.1/32 radius' >"$scratch/clients"
	for attempt in 1 2 3 4 5; do
		port=$(python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
		cat >"$scratch/hostapd.conf" <<-EOF
			driver=none
			interface=as0
			eap_server=1
			eap_user_file=$scratch/users
			radius_server_clients=$scratch/clients
			radius_server_auth_port=$port
			eap_sim_db=unix:$scratch/auc.sock
			eap_sim_db_timeout=5
		EOF
		for line in "$@"; do echo "$line"; done >>"$scratch/hostapd.conf"
		hostapd -d "$scratch/hostapd.conf" >"$scratch/hostapd.log" 2>&1 &
		hostapd_pid=$!
		wait_for 'AP-ENABLED' "$scratch/hostapd.log" && break
		stop $hostapd_pid
	done
	grep -q AP-ENABLED "$scratch/hostapd.log"
	check_report $? "hostapd $(hostapd -v 2>&1 | sed -n 's/^hostapd v//p') runs with our socket behind it"
}
