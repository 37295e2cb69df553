# Answers in the form of `az … --output tsv`: a list has a line for each, a row has tabs, what is nothing has no line.
# State lies in files of the folder that it is in.
touch snapshots rules roles tags off vault others
[ -e group ] || echo /nsg/web > group
[ -e disk ] || echo /disks/os > disk
# What follows one option: option --name "$@"
option() {
  wanted=$1 && shift
  while [ "$#" -gt 1 ]; do
    [ "$1" != "$wanted" ] || printf '%s\n' "$2"
    shift
  done
}
case "$*" in
"security alert list"*) [ ! -e no-defender ] || exit 1
  printf '2026-11-22T03:12:00Z\tHigh\tDigital currency mining\tWEB-07\n2026-11-22T03:12:00Z\tHigh\tDigital currency mining\tdb-01\n' ;;
"vm show"*dataDisks*) printf '/disks/os\n/disks/data\n' ;;
"vm show"*location*) echo westeurope ;;
"vm show"*networkInterfaces*) echo /nics/one ;;
"vm show"*keys*) echo /identities/app ;;
"vm show"*principalId*) printf 'P1\nP2\n' ;;
"vm show"*imageReference*) printf 'Debian\ndebian-12\n12-gen2\n0.20250610.2139\n' ;;
"vm show"*osDisk.managedDisk.id*) cat disk ;;
"vm show"*'tags."'*) name=$(option --query "$@" | cut -d '"' -f 2); sed -n "s/^$name=//p" tags ;;
"vm show"*--query\ tags*json*) echo '{'; sed 's/^\([^=]*\)=\(.*\)/  "\1": "\2",/' tags; echo '  "owner": "web"'; echo '}' ;;
"vm show"*securityType*) : ;;
"vm show"*provisioningState*) echo Succeeded ;;
"vm show"*--query\ id*) echo /vms/web-07 ;;
"vm list"*) printf '/vms/web-07\t/identities/app\n'; cat others ;;
"vm update"*deleteOption=Detach*) touch detach ;;
"vm update"*--os-disk*) [ -e stopped ] && option --os-disk "$@" > disk ;;
"vm deallocate"*) touch stopped ;;
"vm start"*) rm -f stopped ;;
"vm wait"*) : ;;
"rest --method post --url /vms/web-07/reimage"*) [ -e detach ] && echo /disks/fresh > disk ;;
"tag update"*Merge*) option --tags "$@" >> tags ;;
"tag update"*Delete*) grep -vxF -e "$(option --tags "$@")" tags > left; mv left tags ;;
"snapshot create"*) option --name "$@" >> snapshots; option --location "$@" > place; sort -u snapshots > left; mv left snapshots ;;
"snapshot list"*provisioningState*) sed 's/.*/Succeeded/' snapshots ;;
"snapshot list"*) cat snapshots ;;
"snapshot delete"*) grep -vx "$4" snapshots > left; mv left snapshots ;;
"network nsg create"*) : ;;
"network nsg rule create"*) option --name "$@" >> rules; sort -u rules > left; mv left rules ;;
"network nsg rule list"*) [ -s rules ] && wc -l < rules ;;
"network nsg show"*) echo /nsg/quarantine ;;
"network nsg delete"*) : > rules ;;
"network nic show"*networkSecurityGroup*) cat group ;;
"network nic show"*tags*) sed -n 's/^tourniquet-before=//p' tags ;;
"network nic update"*--network-security-group*) option --network-security-group "$@" > group ;;
"resource update"*"--remove properties.networkSecurityGroup"*) : > group ;;
"role assignment list"*'length(@)'*) grep -c "^/$(option --assignee "$@")/" roles || : ;;
"role assignment list"*--role*) grep -F -e "/$(option --assignee "$@")/" roles | grep -F -e "$(option --scope "$@")" | cut -f 1 ;;
"role assignment list"*) grep "^/$(option --assignee "$@")/" roles || : ;;
"role assignment delete"*) grep -v "^$(option --ids "$@")$(printf '\t')" roles > left; mv left roles ;;
"role assignment create"*) printf '/%s/one\t/roles/%s\t%s\tnone\n' "$(option --assignee-object-id "$@")" "$(option --role "$@")" "$(option --scope "$@")" >> roles ;;
"ad sp show"*) grep -qx "$(option --id "$@")" off && echo false || echo true ;;
"ad sp update"*accountEnabled=false*) option --id "$@" >> off ;;
"ad sp update"*accountEnabled=true*) grep -vx "$(option --id "$@")" off > left; mv left off ;;
"backup protection check-vm"*) cat vault ;;
"backup vault create"*) : ;;
"backup protection enable-for-vm"*) echo "/vaults/$(option --vault-name "$@")" > vault ;;
"backup protection disable"*) : > vault ;;
*) echo "no such call: $*" >&2; exit 64 ;;
esac
