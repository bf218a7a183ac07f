use super::*;
use zip::write::{SimpleFileOptions, ZipWriter};

fn archive(build: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    build(&mut writer);
    writer.finish().unwrap().into_inner()
}

fn file(writer: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, mode: u32, contents: &[u8]) {
    writer.start_file(name, SimpleFileOptions::default().unix_permissions(mode)).unwrap();
    writer.write_all(contents).unwrap();
}

#[test]
fn files_become_readable_and_stay_executable() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive(|writer| {
        file(writer, "index.py", 0o600, b"print()");
        writer.add_directory("pkg/", SimpleFileOptions::default().unix_permissions(0o700)).unwrap();
        file(writer, "pkg/./tool", 0o700, b"tool");
    });
    assert_eq!(unpack_zip(&bytes, folder.path()).unwrap(), 11);
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode("index.py"), mode("pkg"), mode("pkg/tool")), (0o644, 0o755, 0o755));
    assert_eq!(fs::read(folder.path().join("pkg/tool")).unwrap(), b"tool");
}

#[test]
fn nothing_is_written_outside() {
    for name in ["../evil", "/evil", "a/../../evil", "a\0b"] {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let bytes = archive(|writer| file(writer, name, 0o644, b"x"));
        let result = unpack_zip(&bytes, &inner);
        assert!(matches!(result, Err(UnpackError::Escapes(_))), "{name:?}: {result:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{name:?}");
    }
}

#[test]
fn links_are_kept_and_never_written_through() {
    let folder = tempfile::tempdir().unwrap();
    let (inner, outer) = (folder.path().join("inner"), folder.path().join("outer"));
    fs::create_dir(&inner).unwrap();
    fs::create_dir(&outer).unwrap();
    let bytes = archive(|writer| {
        writer.add_symlink("link", outer.to_str().unwrap(), SimpleFileOptions::default()).unwrap();
        writer.add_symlink("shadow", "/etc/shadow", SimpleFileOptions::default()).unwrap();
        file(writer, "link/evil", 0o644, b"x");
    });
    // The directory that holds the file is there when the link's turn comes.
    assert!(matches!(unpack_zip(&bytes, &inner), Err(UnpackError::Write { .. })));
    assert_eq!(fs::read_dir(&outer).unwrap().count(), 0);

    let harmless =
        archive(|writer| writer.add_symlink("shadow", "/etc/shadow", SimpleFileOptions::default()).unwrap());
    let other = tempfile::tempdir().unwrap();
    unpack_zip(&harmless, other.path()).unwrap();
    assert_eq!(fs::read_link(other.path().join("shadow")).unwrap(), Path::new("/etc/shadow"));
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive(|writer| {
        file(writer, "a", 0o644, &vec![0; 600_000]);
        file(writer, "b", 0o644, &vec![0; 600_000]);
    });
    assert!(bytes.len() < 10_000);
    assert!(matches!(unpack(Cursor::new(&bytes), folder.path(), 1_000_000), Err(UnpackError::TooLarge)));
}

#[test]
fn what_is_no_archive_is_refused_in_awss_words() {
    let folder = tempfile::tempdir().unwrap();
    let said = unpack_zip(b"no archive", folder.path()).unwrap_err().to_string();
    assert_eq!(said, "Could not unzip uploaded file. Please check your file, then try to upload again.");
    assert_eq!(UnpackError::TooLarge.to_string(), "Unzipped size must be smaller than 262144000 bytes");
}
