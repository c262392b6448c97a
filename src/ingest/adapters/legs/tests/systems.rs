//! 3CX, FreePBX, FreeSWITCH, Mango, services and plain tables.

use super::{calls, looked, numbers};

const THREE_CX: &str = "Call Time,Call ID,From,To,Direction,Status,Ringing,Talking,Cost\n";

#[test]
fn of_3cx_only_parts_of_people_tell_and_the_pipeline_names_machines() {
    let file = format!(
        "{THREE_CX}\
         2026-11-10T11:11:00,1,07900550001,Sales queue (801),Inbound,Answered,00:00:01,00:00:30,0\n\
         2026-11-10T11:11:00,1,07900550001,\"Hill, Karen (101)\",Inbound,Unanswered,00:00:20,00:00:00,0\n\
         2026-11-10T11:11:00,1,07900550001,Voice Mail (999),Inbound,Answered,00:00:01,00:00:25,0\n\
         2026-11-10T12:11:00,2,07900550002,Reception (800),Inbound,Answered,00:00:05,00:00:08,0\n\
         2026-11-10T13:11:00,3,07900550003,Очередь продаж (802),Inbound,Answered,00:00:01,00:00:30,0\n\
         2026-11-10T13:11:00,3,07900550003,\"Hill, Karen (101)\",Inbound,Answered,00:00:07,00:01:00,0\n\
         2026-11-10T14:00:00,4,\"Hill, Karen (101)\",07900550004,Outbound,Answered,00:00:07,00:00:40,0\n"
    );
    let (_, said) = looked(&file, "");
    assert_eq!(numbers(&said), [4, 3, 2, 1, 1, 1, 0, 108]);
    assert_eq!(
        said[1],
        "answered by: Hill, Karen (101) ×1, Reception (800) ×1"
    );
    let (_, said) = looked(&file, "machines = [\"Reception (800)\"]");
    assert_eq!(numbers(&said), [4, 3, 1, 2, 1, 1, 0, 100]);
}

#[test]
fn who_takes_every_call_at_once_and_passes_it_on_is_a_menu() {
    let mut file = THREE_CX.to_owned();
    for call in 1..=5 {
        file += &format!(
            "2026-11-10T11:0{call}:00,{call},0790055000{call},Reception (800),Inbound,Answered,00:00:01,00:00:08,0\n"
        );
        file += &format!(
            "2026-11-10T11:0{call}:00,{call},0790055000{call},\"Hill, Karen (101)\",Inbound,Unanswered,00:00:20,00:00:00,0\n"
        );
    }
    assert_eq!(calls(&file), [5, 5, 0, 5, 0, 0, 0, 0]);
    // The pipeline knows better.
    let (_, said) = looked(&file, "people = [\"800\"]");
    assert_eq!(numbers(&said), [5, 5, 5, 0, 0, 0, 0, 40]);
    // Whoever rings longer is a person.
    let slow = file.replace("00:00:01,00:00:08", "00:00:04,00:00:08");
    assert_eq!(calls(&slow), [5, 5, 5, 0, 0, 0, 0, 40]);
}

#[test]
fn ids_that_begin_anew_are_other_calls() {
    let row = |day: &str| {
        format!(
            "{day}T10:00:00,1,07900550001,\"Hill, Karen (101)\",Inbound,Answered,00:00:05,00:01:00,0\n"
        )
    };
    let file = THREE_CX.to_owned() + &row("2026-08-04") + &row("2026-11-10");
    assert_eq!(calls(&file), [2, 2, 2, 0, 0, 0, 0, 120]);
}

#[test]
fn a_word_for_no_id_makes_no_call_of_all_that_have_it() {
    let row = |hour: u32, id: &str| {
        format!(
            "2026-11-10T{hour}:00:00,{id},0790055000{hour},\"Hill, Karen (101)\",Inbound,Answered,00:00:05,00:01:00,0\n"
        )
    };
    for nothing in ["NULL", "-", "0"] {
        let file = THREE_CX.to_owned() + &row(10, nothing) + &row(11, nothing);
        assert_eq!(calls(&file), [2, 2, 2, 0, 0, 0, 0, 120], "{nothing}");
    }
    // The same person: an id of two people, one after the other, would be none.
    let later = row(11, "7").replace("079005500011", "079005500010");
    let one = THREE_CX.to_owned() + &row(10, "7") + &later;
    assert_eq!(calls(&one), [1, 1, 1, 0, 0, 0, 0, 120]);
}

#[test]
fn freepbx_reports_are_read_with_text_behind_quotes_and_newest_first() {
    let file = "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield\n\
        2026-11-02 11:23:11,\"User 201\" <201>,201,89000000003,from-internal,SIP/201-d5,SIP/city-d6,Dial,\"SIP/city/89000000003\",61,50,ANSWERED,3,,1793607791.12,\n\
        2026-11-02 10:23:11,\"\" <79000000002>,79000000002,8140000201,from-trunk,SIP/city-d3,SIP/201-d4,Dial,\"SIP/201,60,t\",20,0,NO ANSWER,3,,1793604191.11,\n\
        2026-11-02 09:23:11,\"Anna, home\" <79000000001>,79000000001,8140000201,from-trunk,SIP/city-d1,SIP/201-d2,Dial,\"SIP/201,60,t\",42,30,ANSWERED,3,,1793600591.10,\n";
    let (format, said) = looked(file, "");
    assert_eq!(format, "asterisk-cdr-report");
    assert_eq!(numbers(&said), [3, 2, 1, 1, 1, 1, 0, 80]);
}

#[test]
fn a_short_report_has_a_call_a_row_and_equal_rows_are_two() {
    let file = "calldate,src,dst,duration,billsec,disposition\r\
        02/11/26 09:23,79000000001,8140000201,42,30,ANSWERED\r\
        02/11/26 10:23,79000000002,8140000201,20,0,NO ANSWER\r\
        02/11/26 10:23,79000000002,8140000201,20,0,NO ANSWER\r";
    assert_eq!(calls(file), [3, 3, 1, 2, 0, 0, 0, 30]);
}

#[test]
fn freeswitch_is_answered_by_seconds_and_not_by_its_cause() {
    let file = "Anna,79000000001,8140000201,public,2026-11-02 09:41:00,2026-11-02 09:41:11,2026-11-02 09:42:11,71,60,NORMAL_CLEARING,d80e22e0-4c15-11ea-97a0-9dd79410affb,e80e22e0-4c15-11ea-97a0-9dd79410affb,,PCMU,PCMU\n\
        Anna,79000000001,201,default,2026-11-02 09:41:01,2026-11-02 09:41:11,2026-11-02 09:42:11,70,60,NORMAL_CLEARING,e80e22e0-4c15-11ea-97a0-9dd79410affb,d80e22e0-4c15-11ea-97a0-9dd79410affb,,PCMU,PCMU\n\
        ,79000000002,8140000201,public,2026-11-02 10:41:00,,2026-11-02 10:41:30,30,0,NORMAL_CLEARING,d80e22e0-4c15-11ea-97a0-9dd79410affc,,,PCMU,\n\
        ,201,89000000003,default,2026-11-02 11:41:00,,2026-11-02 11:41:30,30,0,USER_BUSY,d80e22e0-4c15-11ea-97a0-9dd79410affd,,,PCMU,\n";
    let (format, said) = looked(file, "");
    assert_eq!(format, "freeswitch-cdr");
    assert_eq!(numbers(&said)[..7], [3, 2, 1, 1, 1, 0, 0]);
}

#[test]
fn mango_statistics_tell_by_answer_and_extension() {
    let file = "[];1794304800;1794304842;1794304807;;79000000001;101;sip:u@x;1110;74950000000;abonent;a=\n\
        [];1794304900;1794304942;0;;79000000002;;;1110;74950000000;;b=\n\
        [];1794305000;1794305042;1794305001;;79000000003;;;1110;74950000000;ivr;c=\n\
        [1,2];1794305100;1794305160;1794305110;101;sip:u@x;;79000000004;1120;74950000000;;d=\n";
    let (format, said) = looked(file, "");
    assert_eq!(format, "mango-stats");
    assert_eq!(numbers(&said), [4, 3, 1, 2, 1, 1, 0, 85]);
}

#[test]
fn services_are_read_by_the_names_of_their_fields() {
    let uis = "id,start_time,finish_time,virtual_phone_number,contact_phone_number,direction,is_lost,talk_duration,finish_reason\n\
        1,2026-11-10 10:00:00,2026-11-10 10:01:00,78140000201,79000000001,in,false,50,subscriber_disconnects\n\
        2,2026-11-10 11:00:00,2026-11-10 11:01:00,78140000201,79000000002,in,true,0,timeout\n\
        3,2026-11-10 12:00:00,2026-11-10 12:01:00,78140000201,79000000003,out,false,20,success_finish\n";
    let (format, said) = looked(uis, "");
    assert_eq!(
        (format.as_str(), numbers(&said)),
        ("uis-calls", vec![3, 2, 1, 1, 1, 1, 0, 70])
    );
    let calltouch = "callId;date;callerNumber;phoneNumber;waitingConnect;duration;successful\n\
        7;10/11/2026 10:00:00;79000000001;78140000201;5;50;true\n\
        8;10/11/2026 11:00:00;79000000002;78140000201;9;0;False\n";
    let (format, said) = looked(calltouch, "");
    assert_eq!(
        (format.as_str(), numbers(&said)),
        ("calltouch-calls", vec![2, 2, 1, 1, 0, 0, 0, 50])
    );
    let operator = "UID,type,client,account,via,start,wait,duration,record\n\
        a,in,79000000001,anna@firm,78140000201,2026-11-10T07:00:00Z,5,50,\n\
        b,missed,79000000002,,78140000201,2026-11-10T08:00:00Z,9,0,\n\
        c,out,79000000003,anna@firm,78140000201,2026-11-10T09:00:00Z,9,20,\n";
    let (format, said) = looked(operator, "");
    assert_eq!(
        (format.as_str(), numbers(&said)),
        ("operator-pbx-history", vec![3, 2, 1, 1, 1, 1, 0, 70])
    );
}

#[test]
fn plain_tables_are_calls_and_an_unknown_status_is_never_a_missed_call() {
    let english = "Date and time,Direction,From,To,Status,Duration\n\
        2026-11-10 10:00,inbound,79000000001,78140000201,Answered,00:00:50\n\
        2026-11-10 11:00,inbound,79000000002,78140000201,Missed,0\n";
    let (format, said) = looked(english, "");
    assert_eq!(
        (format.as_str(), numbers(&said)),
        ("calls-table", vec![2, 2, 1, 1, 0, 0, 0, 50])
    );
    let russian = "Дата и время;Тип звонка;Номер клиента;Номер линии;Статус;Длительность разговора\n\
        10.11.2026 10:00;Входящий;79000000001;78140000201;Принят;0:50\n\
        10.11.2026 11:00;Входящий;79000000002;78140000201;Пропущен;0\n\
        10.11.2026 12:00;Исходящий;79000000003;78140000201;Успешный;20\n";
    let (format, said) = looked(russian, "");
    assert_eq!(
        (format.as_str(), numbers(&said)),
        ("calls-table-ru", vec![3, 2, 1, 1, 1, 1, 0, 70])
    );
}

#[test]
fn totals_by_day_are_refused_for_what_they_are() {
    let file = "user_id,date,direction,calls_count,call_duration\n1,2026-11-02,in,5,300\n";
    let (said, _) = looked(file, "");
    assert_eq!(
        said,
        "calls.csv: these are totals by day, and calls need one row a call (Telephony: totals by day)"
    );
}
