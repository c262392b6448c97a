//! Which way calls went where only their two ends tell, and who took them where only a name does.

use super::{calls, looked, numbers};

/// FreePBX with extensions of five digits: two calls among colleagues, one from outside, one to the outside.
const LONG_EXTENSIONS: &str = "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield,did,linkedid\n\
    2026-11-10 10:01:00,x,20101,20102,from-internal,PJSIP/20101-01,PJSIP/20102-02,Dial,PJSIP/20102,30,20,ANSWERED,3,,1794294060.1,,,1794294060.1\n\
    2026-11-11 10:02:00,x,20102,20101,from-internal,PJSIP/20102-03,PJSIP/20101-04,Dial,PJSIP/20101,30,0,NO ANSWER,3,,1794380520.2,,,1794380520.2\n\
    2026-11-10 12:01:00,x,79005550001,20102,ext-local,PJSIP/trunk-05,PJSIP/20102-06,Dial,PJSIP/20102,30,20,ANSWERED,3,,1794301260.3,,74950001122,1794301260.3\n\
    2026-11-10 13:01:00,x,20101,79005550002,from-internal,PJSIP/20101-07,PJSIP/trunk-08,Dial,PJSIP/trunk/79005550002,30,20,ANSWERED,3,,1794304860.4,,,1794304860.4\n";

#[test]
fn extensions_are_as_long_as_their_own_channels_show() {
    assert_eq!(calls(LONG_EXTENSIONS), [4, 1, 1, 0, 1, 1, 2, 60]);
    // The pipeline knows better: these are then numbers of a small town.
    let (_, said) = looked(LONG_EXTENSIONS, "internal_digits = 4");
    assert_eq!(numbers(&said)[1], 4);
}

// Two calls of 42060 to numbers outside, one of 41000 to a colleague, one from outside: no channel tells.
#[test]
fn a_short_number_that_calls_several_numbers_outside_is_an_extension() {
    let file = "calldate,src,dst,duration,billsec,disposition\n\
        24/08/17 11:13,42060,5935125440,30,20,ANSWERED\n\
        24/08/17 11:57,42060,277200570,30,20,ANSWERED\n\
        24/08/17 12:14,41000,4204,30,20,ANSWERED\n\
        24/08/17 11:57,214017044,4373,30,20,ANSWERED\n";
    assert_eq!(calls(file), [4, 1, 1, 0, 2, 2, 1, 80]);
    // Who calls one number of eleven digits may as well be a robot that calls the firm.
    let robot = "calldate,src,dst,duration,billsec,disposition\n\
        24/08/17 11:13,42060,74950001122,30,20,ANSWERED\n\
        24/08/17 11:57,42060,74950001122,30,20,ANSWERED\n";
    assert_eq!(calls(robot), [2, 2, 2, 0, 0, 0, 0, 40]);
}

#[test]
fn a_number_of_six_digits_that_calls_in_by_a_trunk_stays_outside() {
    let file = "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield,did,linkedid\n\
        2026-11-10 12:01:00,x,550001,201,ext-local,PJSIP/trunk-05,PJSIP/201-06,Dial,PJSIP/201,30,20,ANSWERED,3,,1794301260.3,,74950001122,1794301260.3\n";
    assert_eq!(calls(file), [1, 1, 1, 0, 0, 0, 0, 20]);
}

#[test]
fn a_number_that_many_people_call_is_the_firms_and_calls_from_it_go_out() {
    let mut file = "pbx_call_id,callstart,clid,destination,disposition,seconds\n".to_owned();
    for call in 1..=5 {
        file += &format!(
            "in_{call},2026-11-1{call} 10:00:00,+7900555000{call},+74950000000,answered,60\n"
        );
    }
    file += "out_1,2026-11-12 11:00:00,8 (495) 000-00-00,+79006660001,answered,30\n\
             out_2,2026-11-12 12:00:00,101,+79006660002,no answer,0\n\
             in_6,2026-11-12 13:00:00,+79005550006,101,no answer,0\n";
    let (format, said) = looked(&file, "");
    assert_eq!(format, "zadarma-pbx");
    assert_eq!(numbers(&said), [8, 6, 5, 1, 2, 1, 0, 330]);
}

#[test]
fn a_machine_is_known_by_its_name_beside_its_number() {
    let header = "Дата и время;Направление;Номер клиента;Номер линии;Длительность разговора;Статус;Кто ответил\n";
    let mut file = header.to_owned();
    for (call, who) in [
        "Анна",
        "Голосовая почта",
        "IVR",
        "Очередь",
        "робот",
        "Иван Бот",
    ]
    .into_iter()
    .enumerate()
    {
        file += &format!(
            "10.11.2026 1{call}:00:00;Входящий;+7900555000{call};74950000000;60;Отвечен;{who}\n"
        );
    }
    assert_eq!(numbers(&looked(&file, "").1)[..4], [6, 6, 1, 5]);
    let (_, said) = looked(&file, "people = [\"Иван Бот\"]");
    assert_eq!(numbers(&said)[..4], [6, 6, 2, 4]);
}

#[test]
fn a_missed_call_is_one_that_came_in() {
    let operator = "UID,type,client,account,via,start,wait,duration,record\n\
        a,in,79000000001,anna@firm,78140000201,2026-11-10T07:00:00Z,5,50,\n\
        b,missed,79000000002,,78140000201,2026-11-10T08:00:00Z,9,0,\n";
    let (_, said) = looked(operator, "");
    assert_eq!(numbers(&said), [2, 2, 1, 1, 0, 0, 0, 50]);
    assert!(
        said.iter().all(|line| !line.contains("not known")),
        "{said:?}"
    );
}
