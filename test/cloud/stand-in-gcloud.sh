# Answers in the form that gcloud 528 gave against a server on loopback that speaks as Google Cloud does.
# State lies in files of the folder that it is in.
touch rules tags labels snapshots policies others disabled
[ -e boot ] || echo web-07 > boot
at=https://www.googleapis.com/compute/v1/projects
# The value of one option: option --disk "$@"
option() {
  wanted=$1 && shift
  for word; do case "$word" in "$wanted"=*) printf '%s\n' "${word#*=}" ;; esac; done
}
case "$*" in
"scc findings list"*) [ ! -e no-scc ] || { echo 'ERROR: PERMISSION_DENIED' >&2; exit 1; }
  printf '2026-11-22T03:12:00Z\tHIGH\tExecution: Cryptocurrency Mining Hash Match\tweb-07\n2026-11-22T03:12:00Z\tHIGH\tMalware: Cryptomining Bad IP\tdb-01\n' ;;
"compute instances describe"*disks.boot*) sed 's/^/True,/' boot; echo False,web-07-data ;;
"compute instances describe"*'disks[].source'*) printf "$at/shop/zones/europe-west1-b/disks/%s\n" web-07 web-07-data ;;
"compute instances describe"*stackType*) printf "$at/shop/global/networks/default\tIPV4_ONLY\n$at/host-shop/global/networks/shared\tIPV4_IPV6\n" ;;
"compute instances describe"*'networkInterfaces[].network'*) printf "$at/shop/global/networks/default\n$at/host-shop/global/networks/shared\n" ;;
"compute instances describe"*tags.items*) cat tags ;;
"compute instances describe"*serviceAccounts*) echo 1234-compute@developer.gserviceaccount.com ;;
"compute instances describe"*labels.*) name=$(option --format "$@" | sed -E 's/value.labels[.](.*)[)]/\1/'); grep -x "$name=.*" labels | cut -d = -f 2; echo ;;
"compute instances describe"*status*) cat status 2> /dev/null || echo RUNNING ;;
"compute instances list"*) cat others ;;
"compute instances add-labels"*) option --labels "$@" >> labels ;;
"compute instances remove-labels"*) grep -v "^$(option --labels "$@")=" labels > left; mv left labels ;;
"compute instances add-tags"*) option --tags "$@" >> tags ;;
"compute instances remove-tags"*) grep -vx "$(option --tags "$@")" tags > left; mv left tags ;;
"compute instances stop"*) echo TERMINATED > status ;;
"compute instances start"*) echo RUNNING > status ;;
"compute instances detach-disk"*) grep -qx TERMINATED status && : > boot ;;
"compute instances attach-disk"*--boot*) grep -qx TERMINATED status && option --disk "$@" > boot ;;
"compute disks snapshot"*) option --snapshot-names "$@" >> snapshots ;;
"compute snapshots describe"*) grep -qx "$4" snapshots ;;
"compute snapshots list"*status*) sed 's/.*/READY/' snapshots ;;
"compute snapshots list"*) cat snapshots ;;
"compute snapshots delete"*) grep -vx "$4" snapshots > left; mv left snapshots ;;
"compute disks describe"*resourcePolicies*) grep -x "$(basename "$4") .*" policies | cut -d ' ' -f 2; : ;;
"compute disks describe"*type.basename*) echo pd-balanced ;;
"compute disks describe"*sizeGb*) echo 20 ;;
"compute disks describe"*labels.tourniquet-before*) cat before ;;
"compute disks describe"*) [ -e before ] ;;
"compute disks create"*) option --labels "$@" | cut -d = -f 2 > before ;;
"compute disks list"*--uri*) sed -E "s|(.*) .*|$at/shop/zones/europe-west1-b/disks/\1|" policies ;;
"compute disks add-resource-policies"*) echo "$(basename "$4") $at/shop/regions/europe-west1/resourcePolicies/$(option --resource-policies "$@")" >> policies ;;
"compute disks remove-resource-policies"*) grep -v "^$(basename "$4") " policies > left; mv left policies ;;
"compute resource-policies describe"*) [ -e schedule ] ;;
"compute resource-policies create snapshot-schedule"*) touch schedule ;;
"compute resource-policies delete"*) [ ! -s policies ] && rm schedule ;;
"compute firewall-rules describe"*) grep -qx "$4" rules ;;
"compute firewall-rules create"*) echo "$4" >> rules ;;
"compute firewall-rules list"*"name~'"*) grep -E "$(option --filter "$@" | sed -E "s/name~'(.*)' AND.*/\1/")" rules; : ;;
"compute firewall-rules list"*) cat rules ;;
"compute firewall-rules delete"*) grep -vx "$4" rules > left; mv left rules ;;
"iam service-accounts describe"*) grep -qx "$4" disabled && echo True || echo ;;
"iam service-accounts disable"*) echo "$4" >> disabled ;;
"iam service-accounts enable"*) grep -vx "$4" disabled > left; mv left disabled ;;
"iam service-accounts keys list"*) id=$(option --filter "$@" | sed -E 's|name~/(.*)[$]|\1|'); grep -qx "$id" disabled && echo True || echo ;;
"iam service-accounts keys disable"*) echo "$5" >> disabled ;;
"iam service-accounts keys enable"*) grep -vx "$5" disabled > left; mv left disabled ;;
*) echo "no such call: $*" >&2; exit 64 ;;
esac
