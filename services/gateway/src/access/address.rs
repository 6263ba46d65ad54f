//! Where a request comes from.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::http::header::{HeaderMap, HeaderName};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: the peer's or, behind `trusted` proxies of ours, the one that the outermost of
/// them saw. Everything further left in the header the client may have made up.
pub fn client(peer: Option<SocketAddr>, headers: &HeaderMap, trusted: usize) -> IpAddr {
    let peer = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
    if trusted == 0 {
        return canonical(peer);
    }
    let listed: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let seen = listed.iter().rev().nth(trusted - 1).and_then(|raw| parse(raw));
    canonical(seen.unwrap_or(peer))
}

/// Whom limits hold to account: an IPv4 address, or the network of 64 bits that one subscriber has.
pub fn subscriber(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Some proxies write a port behind the address.
fn parse(raw: &str) -> Option<IpAddr> {
    let bare = raw.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| raw.parse().ok().map(|whole: SocketAddr| whole.ip()))
}

fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn seen(trusted: usize, headers: &[&'static str]) -> String {
        let mut map = HeaderMap::new();
        for value in headers {
            map.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        client("10.0.0.9:1234".parse().ok(), &map, trusted).to_string()
    }

    #[test]
    fn without_proxies_of_ours_the_peer_is_the_client_whatever_it_says() {
        assert_eq!(seen(0, &["1.2.3.4"]), "10.0.0.9");
    }

    #[test]
    fn what_is_left_of_our_proxies_anybody_may_have_written() {
        assert_eq!(seen(1, &["6.6.6.6, 1.2.3.4"]), "1.2.3.4");
        assert_eq!(seen(2, &["6.6.6.6, 1.2.3.4", "10.0.0.1"]), "1.2.3.4");
        assert_eq!(seen(1, &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(seen(1, &["::ffff:1.2.3.4"]), "1.2.3.4");
    }

    #[test]
    fn a_header_that_says_nothing_leaves_the_peer() {
        for headers in [&[][..], &["unknown"], &[""]] {
            assert_eq!(seen(1, headers), "10.0.0.9");
        }
        assert_eq!(seen(3, &["1.2.3.4"]), "10.0.0.9");
    }

    #[test]
    fn who_has_a_whole_network_is_one_subscriber() {
        let one = subscriber("2001:db8:1:2:aaaa::1".parse().unwrap());
        assert_eq!(one, subscriber("2001:db8:1:2:bbbb::2".parse().unwrap()));
        assert_ne!(one, subscriber("2001:db8:1:3::1".parse().unwrap()));
        assert_eq!(subscriber("1.2.3.4".parse().unwrap()), "1.2.3.4");
    }
}
