use super::cursor::{Cursor, Head};

#[test]
fn floats_of_every_width() {
    for (bytes, value) in [
        (&[0xf9, 0x3c, 0x00][..], 1.0),
        (&[0xf9, 0xc0, 0x00], -2.0),
        (&[0xf9, 0x00, 0x01], 5.960_464_477_539_063e-8),
        (&[0xf9, 0x7b, 0xff], 65504.0),
        (&[0xf9, 0x7c, 0x00], f64::INFINITY),
        (&[0xfa, 0x3f, 0xc0, 0x00, 0x00], 1.5),
        (&[0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5),
    ] {
        assert_eq!(Cursor::new(bytes).head().unwrap(), Head::Float(value));
    }
}

#[test]
fn refuses_what_is_cut_reserved_or_too_deep() {
    assert!(Cursor::new(&[0x1c]).head().is_err());
    assert!(Cursor::new(&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]).skip().is_err());
    assert!(Cursor::new(&[0x9f; 1000]).skip().is_err());
    assert!(Cursor::new(&[0xc1; 1000]).skip().is_err());
    assert!(Cursor::new(&[0xbf, 0x61]).skip().is_err());
    assert!(Cursor::new(&[0xff]).skip().is_err());
    assert!(Cursor::new(&[0x7f, 0x41, 0x00, 0xff]).skip().is_err());
}
