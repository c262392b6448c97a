//! Asterisk in all its layouts.

use super::{account, calls, looked, numbers};

/// A leg of Asterisk with all columns, of a short line: caller, destination, both channels, application with its data,
/// seconds into the hour at which it begins, seconds of talk, count of the call. The ids name the hour in UTC.
fn leg(short: &str) -> String {
    let cells: Vec<&str> = short.split(',').collect();
    let [src, dst, from, to, app, at, talk, call] = cells[..] else {
        panic!("{short}");
    };
    let number = |cell: &str| cell.parse::<u32>().expect("a number");
    let (at, talk, epoch) = (number(at), number(talk), 1_794_304_800 + number(call));
    let (name, data) = app.split_once(' ').unwrap_or((app, ""));
    let said = if talk > 0 { "ANSWERED" } else { "NO ANSWER" };
    let start = format!("2026-11-10 10:{:02}:{:02}", at / 60, at % 60);
    let answer = if talk > 0 { start.as_str() } else { "" };
    let length = talk.max(5);
    format!(
        "\"\",\"{src}\",\"{dst}\",\"ctx\",\"x\",\"{from}\",\"{to}\",\"{name}\",\"{data}\",\"{start}\",\"{answer}\",\
         \"{start}\",{length},{talk},\"{said}\",\"3\",\"{epoch}.{at}\",\"\",\"\",\"{epoch}.0\",{at}\n"
    )
}

#[test]
fn a_mobile_that_the_call_was_passed_on_to_is_a_person() {
    let desk = leg("79005550001,201,SIP/city-01,SIP/201-01,Dial SIP/201,0,0,1");
    let pair = "Local/79115550000@from-internal-01;2";
    let mobile = leg(&format!(
        "79005550001,79115550000,{pair},SIP/city-02,Dial,5,75,1"
    ));
    assert_eq!(calls(&(desk.clone() + &mobile)), [1, 1, 1, 0, 0, 0, 0, 75]);
    // In a ring group only what was dialled names the mobile.
    let group =
        leg("79005550001,600,SIP/city-03,SIP/city-04,Dial SIP/201&SIP/city/79115550000,9,20,2");
    assert_eq!(calls(&(desk + &group)), [2, 2, 1, 1, 0, 0, 0, 20]);
    // The whole call was redirected, and the file does not say what was dialled.
    let all = leg("79005550001,79115550000,SIP/city-05,SIP/city-06,Dial,9,20,3");
    assert_eq!(calls(&all), [1, 1, 1, 0, 0, 0, 0, 20]);
}

#[test]
fn machines_and_other_telephone_systems_are_nobody() {
    let menu = leg("79005550001,600,SIP/city-01,,BackGround,0,9,1");
    let voice_mail = leg("79005550001,201,SIP/city-01,SIP/201-01,VoiceMail,9,30,1");
    let hangup = leg("79005550002,600,SIP/city-02,,Hangup,0,27,2");
    let waiting = leg("79005550003,600,SIP/city-03,,Queue,0,40,3");
    let fax = leg("79005550004,300,SIP/city-04,SIP/fax-04,Dial SIP/fax,0,40,4");
    // The other office's menu answered: a short number behind the trunk that calls come in by.
    let office = leg("79005550005,300,SIP/city-05,SIP/city-06,Dial SIP/city/300,0,40,5");
    let file = menu + &voice_mail + &hangup + &waiting + &fax + &office;
    assert_eq!(calls(&file), [5, 5, 0, 5, 0, 0, 0, 0]);
}

#[test]
fn names_of_telephones_may_hold_hyphens_with_a_list_and_without() {
    let file =
        leg("79005550001,600,PJSIP/city-01,PJSIP/anna-front-01,Dial PJSIP/anna-front,0,60,1");
    assert_eq!(calls(&file), [1, 1, 1, 0, 0, 0, 0, 60]);
    let (_, said) = looked(&file, "internal = [\"anna-front\"]");
    assert_eq!(said[2], "answered by: PJSIP/anna-front ×1");
    let (_, said) = looked(&file, "internal = [\"oleg\"]");
    assert_eq!(numbers(&said), [1, 1, 0, 1, 0, 0, 0, 0]);
    assert_eq!(
        said[2],
        "answered, but taken for nobody (see `internal` and `trunks`): PJSIP/anna-front ×1"
    );
}

#[test]
fn a_queue_over_pairs_is_answered_by_who_is_behind_them_and_talks_once() {
    let queue = leg("79005550001,600,SIP/city-01,Local/201@from-queue-01;1,Queue 600,0,50,1");
    let behind = leg("79005550001,201,Local/201@from-queue-01;2,SIP/201-01,Dial SIP/201,1,49,1");
    assert_eq!(calls(&(queue.clone() + &behind)), [1, 1, 1, 0, 0, 0, 0, 49]);
    // The system may write no row for the other half.
    assert_eq!(calls(&queue), [1, 1, 1, 0, 0, 0, 0, 50]);
    let voice_mail = leg("79005550001,201,Local/201@from-queue-01;2,,VoiceMail,1,49,1");
    assert_eq!(calls(&(queue + &voice_mail)), [1, 1, 0, 1, 0, 0, 0, 0]);
}

#[test]
fn colleagues_who_show_the_number_of_the_firm_call_out() {
    let out =
        leg("78142000001,89005550001,SIP/201-01,SIP/city-01,Dial SIP/city/89005550001,0,30,1");
    let inside = leg("201,202,SIP/201-02,SIP/202-02,Dial SIP/202,0,30,2");
    let service = leg("201,*97,SIP/201-03,,VoiceMailMain,0,30,3");
    assert_eq!(
        calls(&(out + &inside + &service)),
        [3, 0, 0, 0, 1, 1, 2, 60]
    );
}

#[test]
fn the_line_is_what_the_caller_dialled_and_no_mobile_of_ours() {
    let menu = leg("79005550001,s,SIP/city-01,,BackGround,0,9,1");
    let line = leg("79005550001,78142000001,SIP/city-01,SIP/201-01,Dial SIP/201,9,0,1");
    let pair = "Local/79115550000@from-internal-01;2";
    let mobile = leg(&format!(
        "79005550001,79115550000,{pair},SIP/city-02,Dial,12,75,1"
    ));
    assert_eq!(
        account(&(menu + &line + &mobile))[1],
        "lines: 8142000001 ×1"
    );
}

#[test]
fn an_unknown_option_is_refused_with_the_nearest_one() {
    let file = leg("79005550001,201,SIP/city-01,SIP/201-01,Dial SIP/201,0,10,1");
    let (said, _) = looked(&file, "trunk = [\"SIP/city\"]");
    assert_eq!(said, "there is no option \"trunk\" of telephony");
    let (said, _) = looked(&file, "trunks = \"SIP/city\"");
    assert!(said.starts_with("the option \"trunks\" is \"SIP/city\", expected a list"));
}

/// The first 16 columns of a leg.
fn without_ids(leg: &str) -> String {
    let cells: Vec<&str> = leg.trim_end().split(',').take(16).collect();
    cells.join(",") + "\n"
}

#[test]
fn legs_without_any_id_are_joined_by_the_callers_channel() {
    let menu = leg("79005550001,600,SIP/city-01,,BackGround,0,9,1");
    let ring = leg("79005550001,600,SIP/city-01,SIP/201-01,Dial SIP/201,9,0,1");
    let answer = leg("79005550001,600,SIP/city-01,SIP/202-01,Dial SIP/202,9,30,1");
    let other = leg("79005550002,600,SIP/city-02,SIP/201-02,Dial SIP/201,9,0,2");
    // The same channel name an hour later is another call.
    let later = leg("79005550001,600,SIP/city-01,SIP/201-01,Dial SIP/201,3000,0,3");
    let legs = [menu, ring, answer, other, later].map(|leg| without_ids(&leg));
    let (format, said) = looked(&legs.concat(), "");
    assert_eq!(format, "asterisk-cdr-16");
    assert_eq!(numbers(&said), [3, 3, 1, 2, 0, 0, 0, 30]);
}

#[test]
fn legs_without_linkedid_are_joined_by_uniqueid_and_pairs() {
    let pair = ("Local/201@from-queue-01;1", "Local/201@from-queue-01;2");
    let queue = leg(&format!(
        "79005550001,600,SIP/city-01,{},Queue 600,0,50,1",
        pair.0
    ));
    let behind = leg(&format!(
        "79005550001,201,{},SIP/201-01,Dial SIP/201,1,49,1",
        pair.1
    ));
    let cut = |leg: &str| {
        leg.trim_end()
            .split(',')
            .take(18)
            .collect::<Vec<_>>()
            .join(",")
            + "\n"
    };
    let (format, said) = looked(&(cut(&queue) + &cut(&behind)), "");
    assert_eq!(format, "asterisk-cdr-18");
    assert_eq!(numbers(&said), [1, 1, 1, 0, 0, 0, 0, 49]);
}

#[test]
fn nineteen_and_twenty_columns_find_their_linkedid() {
    let one = leg("79005550001,600,SIP/city-01,,BackGround,0,9,1");
    let two = leg("79005550001,600,SIP/city-01,SIP/201-01,Dial SIP/201,9,30,1");
    let cells = |leg: &str| {
        leg.trim_end()
            .split(',')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    // Columns from 16 on: uniqueid, userfield, peeraccount, linkedid, sequence.
    for (gone, format) in [
        (vec![17], "asterisk-cdr-20"),
        (vec![16], "asterisk-cdr-20-userfield"),
        (vec![16, 17], "asterisk-cdr-19"),
    ] {
        let cut = |leg: &str| {
            let kept = cells(leg).into_iter().enumerate();
            let kept = kept
                .filter(|(at, _)| !gone.contains(at))
                .map(|(_, cell)| cell);
            kept.collect::<Vec<_>>().join(",") + "\n"
        };
        let (found, said) = looked(&(cut(&one) + &cut(&two)), "");
        assert_eq!(found, format);
        assert_eq!(numbers(&said), [1, 1, 1, 0, 0, 0, 0, 30], "{format}");
    }
}

#[test]
fn the_clock_is_checked_against_the_ids() {
    // 10:00 in the file, 10:00 UTC in the ids, read as Moscow time.
    let file = leg("79005550001,201,SIP/city-01,SIP/201-01,Dial SIP/201,0,10,0");
    let said = account(&file).pop().expect("a note");
    assert_eq!(
        said,
        "the clock is that of UTC by the ids of 1 calls, but it was read as Europe/Moscow (3 h ahead of UTC); set `time_zone` of the export"
    );
}

#[test]
fn days_and_months_that_the_ids_contradict_are_refused() {
    // 11 February by the ids (1770804000), written with the month first.
    let row = "\"2/11/2026 10:00:00\",x,79005550001,201,ctx,SIP/city-01,SIP/201-01,Dial,SIP/201,42,30,ANSWERED,3,,1770804000.1,\n";
    let (said, _) = looked(row, "");
    assert_eq!(
        said,
        "the dates of the calls are 264 days off the Unix times in their ids"
    );
}

#[test]
fn two_people_on_two_channels_are_two_calls_of_one_damaged_id() {
    // A spreadsheet took 1794294000.10 for a number, and wrote 1794294000.1. Both rang two telephones, one after the other.
    let row = |from: &str, trunk: &str, to: &str, talk: u8, said: &str| {
        format!(
            "2026-11-10 10:00:00,x,{from},600,from-trunk,SIP/city-{trunk},SIP/{to},Dial,SIP/{to},9,{talk},{said},3,,1794294000.1,\n"
        )
    };
    let file = "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield\n"
        .to_owned()
        + &row("79005550001", "01", "201-02", 0, "NO ANSWER")
        + &row("79005550002", "03", "201-04", 0, "NO ANSWER")
        + &row("79005550001", "01", "202-05", 60, "ANSWERED")
        + &row("79005550002", "03", "202-06", 0, "NO ANSWER");
    let (format, said) = looked(&file, "");
    assert_eq!(format, "asterisk-cdr-report");
    assert_eq!(numbers(&said), [2, 2, 1, 1, 0, 0, 0, 60]);
}
