/*
   What mining programs and what brings them are recognised by in files: programs and scripts of suspects, of what
   starts by itself, and those that lie where none belong.

   `score` is what a match adds, 0 to 100: from 90 it is enough by itself, from 40 it is one of two that are.
   `reference` is where the strings can be read.
   `needs_one_of` are words, apart by blanks, of which a file that it fits holds at least one. If each rule says so, YARA
   is loaded only for a file that holds any: it takes 40 MB.
*/

rule xmrig_program
{
    meta:
        description = "a program of the XMRig family: its options, its settings and its protocol"
        reference = "https://github.com/xmrig/xmrig"
        score = 95
        needs_one_of = "donate-level max-threads-hint rig-id randomx-wrmsr donate-over-proxy"
    strings:
        $donate = "donate-level"
        $threads = "max-threads-hint"
        $rig = "rig-id"
        $huge = "huge-pages-jit"
        $msr = "randomx-wrmsr"
        $proxy = "donate-over-proxy"
        $algo = "cn-heavy/xhv"
        $name = "XMRig"
        $stratum = "stratum+tcp://"
    condition:
        uint32be(0) == 0x7f454c46 and 5 of them
}

rule monero_stratum_client
{
    meta:
        description = "a program that speaks Monero's form of stratum with a mining pool"
        reference = "https://github.com/xmrig/xmrig-proxy/blob/master/doc/STRATUM.md"
        score = 75
        needs_one_of = "stratum+"
    strings:
        $stratum = /stratum\+(tcp|ssl|tls|udp):\/\//
        $keepalived = "keepalived"
        $job = "job_id"
        $seed = "seed_hash"
        $blob = "blob"
        $login = "\"login\""
        $submit = "\"submit\""
    condition:
        uint32be(0) == 0x7f454c46 and $stratum and $job and 2 of ($keepalived, $seed, $blob, $login, $submit)
}

rule bitcoin_stratum_client
{
    meta:
        description = "a program that speaks stratum with a mining pool (mining.subscribe, authorize, notify, submit)"
        reference = "https://en.bitcoin.it/wiki/Stratum_mining_protocol"
        score = 75
        needs_one_of = "mining.subscribe mining.authorize"
    strings:
        $subscribe = "mining.subscribe"
        $authorize = "mining.authorize"
        $notify = "mining.notify"
        $submit = "mining.submit"
        $difficulty = "mining.set_difficulty"
    condition:
        uint32be(0) == 0x7f454c46 and 4 of them
}

rule randomx_library
{
    meta:
        description = "RandomX, the proof of work of Monero, is built into it"
        reference = "https://github.com/tevador/RandomX/blob/master/src/randomx.h"
        score = 60
        needs_one_of = "randomx_init_dataset randomx_create_vm randomx_calculate_hash"
    strings:
        $cache = "randomx_alloc_cache"
        $dataset = "randomx_init_dataset"
        $vm = "randomx_create_vm"
        $hash = "randomx_calculate_hash"
        $tuning = "randomx_reciprocal"
    condition:
        uint32be(0) == 0x7f454c46 and 3 of them
}

rule cpuminer_program
{
    meta:
        description = "a program of the cpuminer family (minerd)"
        reference = "https://github.com/pooler/cpuminer/blob/master/cpu-miner.c"
        score = 95
        needs_one_of = "minerd Stratum khash/s"
    strings:
        $usage = "Try `minerd --help' for more information."
        $stratum = "Stratum authentication failed"
        $accepted = "accepted: %lu/%lu (%.2f%%), %s khash/s %s"
        $longpoll = "Long-polling activated for %s"
        $job = "Stratum requested work restart"
        $name = "cpuminer"
    condition:
        uint32be(0) == 0x7f454c46 and 3 of them
}

rule miner_configuration
{
    meta:
        description = "the configuration of a miner, with its pools: as a file, or in a script that writes it"
        reference = "https://xmrig.com/docs/miner/config"
        score = 90
        needs_one_of = "\"pools\""
    strings:
        $pools = /"pools"\s{0,20}:\s{0,20}\[/
        $url = /"url"\s{0,20}:\s{0,20}"/
        $donate = "\"donate-level\""
        $rig = "\"rig-id\""
        $randomx = "\"randomx\""
        $threads = "\"max-threads-hint\""
        $nicehash = "\"nicehash\""
        $huge = "\"huge-pages\""
    condition:
        uint32be(0) != 0x7f454c46 and filesize < 1MB and $pools and $url and
        2 of ($donate, $rig, $randomx, $threads, $nicehash, $huge)
}

rule miner_dropper
{
    meta:
        description = "a script that fetches a miner, ends its rivals, and starts it"
        reference = "https://www.aquasec.com/blog/threat-alert-kinsing-malware-container-vulnerability/"
        score = 90
        needs_one_of = "xmrig minerd xmr-stak cpuminer kinsing kdevtmpfsi kthreaddi sysrv"
    strings:
        $curl = /\b(curl|wget|cdt|wdt|lwp-download)\s/
        $rival1 = /\b(pkill|killall|kill|grep)\b[^\n]{0,80}\b(xmrig|minerd|xmr-stak|cpuminer)\b/
        $rival2 = /\b(pkill|killall|kill|grep)\b[^\n]{0,80}\b(kinsing|kdevtmpfsi|kthreaddi|sysrv\w*)\b/
        $rival3 = /\b(pkill|killall|kill|grep)\b[^\n]{0,80}\b(watchbog|ddgs|kworkerds|sustes|networkservice)\b/
        $chattr = /\bchattr\s+-[iae]+/
        $pool = /stratum\+(tcp|ssl):\/\/|--donate-level|\brx\/0\b|pool\.\w{3,20}\.(com|org|pro|stream)/
        $preload = "/etc/ld.so.preload"
        $run = /\bnohup\b|\bsetsid\b|>\s*\/dev\/null\s+2>&1\s*&/
    condition:
        uint32be(0) != 0x7f454c46 and filesize < 1MB and
        $curl and $run and ($pool or $preload or $chattr) and 2 of ($rival*)
}

rule wallet_at_a_pool
{
    meta:
        description = "a Monero wallet together with a pool: whoever wrote it is paid there"
        reference = "https://docs.getmonero.org/public-address/standard-address/"
        score = 75
        needs_one_of = "stratum+ \"login\" donate-level supportxmr moneroocean hashvault nanopool c3pool minexmr 2miners unmineable herominers"
    strings:
        $wallet = /[^A-Za-z0-9][48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}([1-9A-HJ-NP-Za-km-z]{11})?[^A-Za-z0-9]/
        $stratum = /stratum\+(tcp|ssl|tls):\/\//
        $login = /"method"\s{0,8}:\s{0,8}"login"/
        $donate = "donate-level"
        $pool = /\b(supportxmr|moneroocean|hashvault|nanopool|c3pool|minexmr|2miners|unmineable|herominers)\.\w{2,10}/
    condition:
        $wallet and any of ($stratum, $login, $donate, $pool)
}

rule process_hider_library
{
    meta:
        description = "a library that leaves processes out of listings of /proc when it is preloaded"
        reference = "https://github.com/gianlucaborello/libprocesshider/blob/master/processhider.c"
        score = 90
        needs_one_of = "/proc/%s/stat"
    strings:
        $fd = "/proc/self/fd/%d"
        $stat = "/proc/%s/stat"
        $readdir = "readdir"
        $dlsym = "dlsym"
        $format = "%d (%[^)]s"
    condition:
        uint32be(0) == 0x7f454c46 and filesize < 1MB and $fd and $stat and $readdir and $dlsym and $format
}
