from nightshelf.answers.secret import lake_secret


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "lake" / "secret"
    assert lake_secret(path) == lake_secret(path)
    assert len(lake_secret(path)) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret"]
