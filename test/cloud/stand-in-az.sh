# Answers in the form of `az … --output tsv`. State lies in files of the folder that it is in.
touch snapshots rules
[ -e group ] || echo /nsg/web > group
case "$*" in
"vm show"*managedDisk*) printf '/disks/os\n/disks/data\n' ;;
"vm show"*location*) echo westeurope ;;
"vm show"*networkInterfaces*) echo /nics/one ;;
"snapshot create"*) echo "$6" >> snapshots ;;
"snapshot list"*provisioningState*) sed 's/.*/Succeeded/' snapshots ;;
"snapshot list"*) cat snapshots ;;
"snapshot delete"*) grep -vx "$4" snapshots > left; mv left snapshots ;;
"network nsg create"*) : > rules ;;
"network nsg rule create"*) echo rule >> rules ;;
"network nsg rule list"*) [ -s rules ] && wc -l < rules ;;
"network nsg show"*) echo /nsg/quarantine ;;
"network nsg delete"*) : > rules ;;
"network nic show"*networkSecurityGroup*) cat group ;;
"network nic show"*tags*) cat before 2> /dev/null; : ;;
"network nic update"*--network-security-group*) echo "$7" > group ;;
"network nic update"*--set*) echo "$7" | cut -d = -f 2- > before ;;
"network nic update"*--remove*) rm -f before ;;
*) exit 64 ;;
esac
