//! Enough of SMTP (RFC 5321) to hand one message to a relay: plain, without TLS or login.

use std::io;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// The longest answer that is read, in bytes.
const LONGEST: u64 = 16 * 1024;

/// Hands a message to `smtp://HOST:PORT` (25 where no port is written).
pub(super) async fn send(relay: &str, to: &str, text: &str) -> io::Result<()> {
    let host = relay.strip_prefix("smtp://").unwrap_or(relay).trim_end_matches('/');
    let address = if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) {
        host.to_owned()
    } else {
        format!("{host}:25")
    };
    converse(TcpStream::connect(address).await?, to, text).await
}

async fn converse(stream: TcpStream, to: &str, text: &str) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut answers = BufReader::new(read);
    expect(&mut answers, '2').await?;
    for (line, code) in [
        ("EHLO cloudchamber.localhost".to_owned(), '2'),
        ("MAIL FROM:<no-reply@sns.amazonaws.com>".to_owned(), '2'),
        (format!("RCPT TO:<{to}>"), '2'),
        ("DATA".to_owned(), '3'),
    ] {
        write.write_all(format!("{line}\r\n").as_bytes()).await?;
        expect(&mut answers, code).await?;
    }
    // A line that begins with a dot gets a second one, and one dot alone ends the message.
    let stuffed: Vec<String> = text
        .lines()
        .map(|line| if line.starts_with('.') { format!(".{line}") } else { line.to_owned() })
        .collect();
    write.write_all(format!("{}\r\n.\r\n", stuffed.join("\r\n")).as_bytes()).await?;
    expect(&mut answers, '2').await?;
    write.write_all(b"QUIT\r\n").await
}

/// Reads an answer, which may have several lines, and refuses one of another kind.
async fn expect(answers: &mut (impl AsyncBufReadExt + Unpin), code: char) -> io::Result<()> {
    let mut limited = answers.take(LONGEST);
    loop {
        let mut line = String::new();
        if limited.read_line(&mut line).await? == 0 {
            return Err(io::Error::other("the connection ended"));
        }
        if !line.starts_with(code) {
            return Err(io::Error::other(line.trim().to_owned()));
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    async fn relay(refuse: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("smtp://{}", listener.local_addr().unwrap());
        let heard = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            let (mut heard, mut in_data) = (String::new(), false);
            write.write_all(b"220 here\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                heard.push_str(&line);
                heard.push('\n');
                let answer = match line.as_str() {
                    "." => "250 taken\r\n",
                    _ if in_data => continue,
                    "QUIT" => break,
                    line if !refuse.is_empty() && line.starts_with(refuse) => "550 no\r\n",
                    "DATA" => "354 go on\r\n",
                    line if line.starts_with("EHLO") => "250-here\r\n250 SIZE\r\n",
                    _ => "250 ok\r\n",
                };
                in_data = answer.starts_with('3');
                write.write_all(answer.as_bytes()).await.unwrap();
            }
            heard
        });
        (address, heard)
    }

    #[tokio::test]
    async fn hands_over_a_message() {
        let (address, heard) = relay("").await;
        send(&address, "ann@example.com", "Subject: x\r\n\r\n.hidden\r\n").await.unwrap();
        let heard = heard.await.unwrap();
        assert!(heard.contains("RCPT TO:<ann@example.com>\nDATA\nSubject: x\n\n..hidden\n.\n"), "{heard}");
    }

    #[tokio::test]
    async fn a_refusal_is_an_error() {
        let (address, _heard) = relay("RCPT").await;
        assert_eq!(send(&address, "ann@example.com", "x").await.unwrap_err().to_string(), "550 no");
    }
}
