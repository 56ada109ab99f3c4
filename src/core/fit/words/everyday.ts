/** Everyday words that say the same as each other or as a technical one: a line is a group; `_` joins words that stand near each other. */
export const EVERYDAY = `
machine box node server instance host vm replica computer
customer user client visitor person guest member subscriber account shopper buyer patient tenant
colleague teammate developer team dev engineer newcomer hire intern freelancer contractor
shop store cart basket checkout order merchandise purchase buy e_commerce ecommerce
bank transfer wallet balance credit debit points payout funds account loan
seat ticket booking reservation flight hotel room rental appointment slot stock inventory availability warehouse voucher coupon
crash die fall_over goes_down go_down falls_over dead blow_up outage abort killed collapse
hang freeze stick block stall unresponsive lock_up spin not_respond nothing_happens never_finishes
delete remove erase wipe drop purge destroy discard clear
send deliver dispatch submit transmit forward
predict forecast score estimate classify model
old legacy ancient outdated grow years_old historic dated
same identical equal duplicate copy twin
break fail crash wrong bug regress malfunction
hide mask redact obscure black_out strip conceal
leak expose visible public reveal disclose publish
lose miss vanish forget disappear drop go swallow
limit cap maximum quota bound ceiling restrict throttle budget
compare versus difference diff deviate differ disagree mismatch diverge inconsistent contradict
start boot launch come_up startup begin bring_up
stop shutdown kill terminate end quit die exit
wait delay sleep pause hold linger
check verify validate test assert ensure prove confirm
split divide shard partition chunk slice separate break_up
merge combine join unify consolidate
move migrate transfer relocate switch port convert
store save persist keep write record
copy replica mirror clone duplicate backup snapshot
undo revert rollback restore back_out take_back
watch monitor observe track eye
warn alert notify alarm ping inform tell
key secret password credential token passphrase certificate
stranger attacker hacker outsider malicious intruder thief bad_actor anyone_can anybody_can steal
letter character symbol accent glyph sign
hour day date time calendar clock moment
record row entry item tuple line document
button click press tap submit
text wording string sentence phrase message copy
laptop locally local workstation
big huge large giant massive enormous million thousand billion gb terabyte
fast quick instant immediately rapid speedy
slow slowly crawl sluggish takes_ages takes_long takes_seconds takes_minutes latency lag forever ages
simultaneous together parallel same_time same_moment concurrently
sometimes occasional rare random intermittent sporadic irregular
half partial incomplete midway interrupted unfinished
sequence order before_after overtake sorted arrive_order
repeat twice duplicate double once_more second_time two_times three_times several_times multiple_times times_over
provider vendor partner upstream supplier external carrier third_party
rewrite replace redo rework overhaul rebuild
legal law lawyer authority regulator auditor compliance regulation court
invoice receipt bill statement fee charge price
browser tab window chrome safari firefox edge
country countries abroad foreign international market europe japan germany continent
phone mobile tablet handset device smartphone
office excel word outlook spreadsheet
night nightly overnight midnight weekend
grow increase rise climb swell accumulate pile_up
shrink reduce decrease lower cut smaller
guarantee invariant must_never never_again must_always always_true
guess assume suspect theory opinion hunch
investigate find_out debug diagnose track_down root_cause nobody_knows no_idea why_does
readable unreadable gibberish garbled scrambled
ban block forbid deny refuse reject disallow
allow permit grant may_see access authorize
approve review sign_off four_eyes consent
automatic automate robot bot script unattended
manual hand_write manually click_through
temporary throwaway short_lived ephemeral one_off
permanent durable forever survive lasting
empty blank null missing none void
connection socket link session channel handshake
reconnect disconnect connection_lose network_drops drop_out offline tunnel outage
traffic load requests visitors peak rush spike campaign sale launch
queue line waiting_list backlog pending jam
worker job task background batch
clean tidy cleanup housekeeping leftovers orphaned
dangerous risky unsafe hazardous scary
protect secure harden guard defend safe
cost expensive bill cheap pay money spending
unused dead obsolete nobody_uses no_longer_used leftover stale
contract agreement promise spec interface
translate translation language localized foreign_language
layout position shift jump align
sound audio voice speech microphone
picture photo image screenshot scan drawing
map location position address place nearby
school student teacher course university exam
hospital clinic patient doctor medical health
factory machine sensor meter device measurement
game player match score tournament
press journalist editor article publish newsroom
parcel shipment shipping delivery courier warehouse logistics
`;
