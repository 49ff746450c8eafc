//! Pages of long lists: each ends with a token for the next, which says where this one stopped, so that a page costs the same
//! however far down it is, and what is added or removed meanwhile neither repeats nor hides the rest.

/// How many items a page has, unless the client says.
pub const DEFAULT_PAGE_SIZE: u32 = 50;

/// How many at most.
pub const MAX_PAGE_SIZE: u32 = 1_000;

/// No token of a page of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the next_page_token of a page of this list")]
pub struct InvalidPageToken;

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// How many items at most.
    pub size: u32,
    /// The key of the last item of the page before; `None`: the first page.
    pub after: Option<String>,
}

impl PageRequest {
    /// The page of the list called `list` that a request asks for; the name keeps the token of one list from being used for
    /// another.
    ///
    /// # Errors
    /// [`InvalidPageToken`]. The size is a matter of the caller's.
    pub fn new(size: u32, token: &str, list: &str) -> Result<Self, InvalidPageToken> {
        let after = if token.is_empty() { None } else { Some(decode(token, list).ok_or(InvalidPageToken)?) };
        Ok(Self { size, after })
    }

    /// The first page, of `size` items.
    #[must_use]
    pub const fn first(size: u32) -> Self {
        Self { size, after: None }
    }

    /// The page after one that ended with this key.
    #[must_use]
    pub const fn after(size: u32, key: String) -> Self {
        Self { size, after: Some(key) }
    }
}

/// The items of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagedItems<T> {
    /// The items.
    pub items: Vec<T>,
    /// The key of the last of them, if there are more.
    pub last_key: Option<String>,
}

impl<T> PagedItems<T> {
    /// From one item more than the page holds, which shows that there are more.
    pub fn from_overfetched(mut items: Vec<T>, size: u32, key: impl Fn(&T) -> String) -> Self {
        let size = size as usize;
        let more = items.len() > size;
        items.truncate(size);
        let last_key = if more { items.last().map(key) } else { None };
        Self { items, last_key }
    }

    /// The token of the next page of the list called `list`; empty, if there is none.
    #[must_use]
    pub fn next_page_token(&self, list: &str) -> String {
        self.last_key.as_ref().map(|key| encode(key, list)).unwrap_or_default()
    }
}

/// Hexadecimal, so that nobody takes it for something to be read or written. It grants nothing: whoever may read the list may
/// read all of it.
fn encode(key: &str, list: &str) -> String {
    format!("{list}\0{key}").bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn decode(token: &str, list: &str) -> Option<String> {
    if !token.len().is_multiple_of(2) || token.len() > 1024 || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let bytes = (0..token.len()).step_by(2).map(|at| u8::from_str_radix(&token[at..at + 2], 16).ok());
    let text = String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()?;
    let key = text.strip_prefix(list)?.strip_prefix('\0')?;
    // No key of ours has any, and some databases take none.
    (!key.contains(char::is_control)).then(|| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_the_page_after() {
        let paged = PagedItems::from_overfetched(vec![1, 2, 3], 2, ToString::to_string);
        assert_eq!((paged.items.as_slice(), paged.last_key.as_deref()), ([1, 2].as_slice(), Some("2")));
        let token = paged.next_page_token("tenants/a/agents");
        assert_eq!(PageRequest::new(2, &token, "tenants/a/agents"), Ok(PageRequest::after(2, "2".to_owned())));
        assert_eq!(PagedItems::from_overfetched(vec![1, 2], 2, ToString::to_string).next_page_token("list"), "");
        assert_eq!(PageRequest::new(2, "", "list"), Ok(PageRequest::first(2)));
    }

    #[test]
    fn other_tokens_are_refused() {
        let token = encode("2", "tenants/a/agents");
        for (token, list) in [
            (&*token, "tenants/ab/agents"),
            (&*token, "tenants/a"),
            (&token[1..], "tenants/a/agents"),
            ("zz", "list"),
            ("éé", "list"),
            ("ff", "list"),
            (&*encode("2\0", "list"), "list"),
            (&*encode("2\n", "list"), "list"),
            (&*"00".repeat(1000), "list"),
        ] {
            assert_eq!(PageRequest::new(2, token, list), Err(InvalidPageToken), "{token}");
        }
    }
}
