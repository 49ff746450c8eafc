//! Check digits: cards (Luhn, ISO/IEC 7812-1), accounts (ISO 13616, mod 97), CPF and CNPJ (Receita Federal), Chinese resident
//! ids (GB 11643, ISO 7064 mod 11-2). Knows digits only.

/// Whether a card number of these digits can exist: 13 to 19 digits, Luhn.
pub(super) fn is_card(digits: &[u8]) -> bool {
    if !(13..=19).contains(&digits.len()) || digits.iter().all(|&digit| digit == 0) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| match (at % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => 2 * digit - 9,
            (_, digit) => 2 * digit,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether an account number is right: two letters, two digits, 11 to 30 letters and digits, mod 97. Spaces are left out.
pub(super) fn is_iban(text: &str) -> bool {
    let compact: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    if !(15..=34).contains(&compact.len()) || !compact[..2].iter().all(u8::is_ascii_uppercase) {
        return false;
    }
    let mut remainder = 0_u32;
    for &byte in compact[4..].iter().chain(&compact[..4]) {
        remainder = match byte {
            b'0'..=b'9' => remainder * 10 + u32::from(byte - b'0'),
            b'A'..=b'Z' => remainder * 100 + u32::from(byte - b'A') + 10,
            _ => return false,
        } % 97;
    }
    remainder == 1
}

/// Whether the digits are a CPF.
pub(super) fn is_cpf(digits: &[u8]) -> bool {
    digits.len() == 11 && !is_repeated(digits) && (9..11).all(|at| digits[at] == brazilian(&digits[..at], 11))
}

/// Whether the digits are a CNPJ.
pub(super) fn is_cnpj(digits: &[u8]) -> bool {
    digits.len() == 14 && !is_repeated(digits) && (12..14).all(|at| digits[at] == brazilian(&digits[..at], 9))
}

/// The check digit behind `digits`, weights rising from 2 on the right up to `most`, then again.
fn brazilian(digits: &[u8], most: u32) -> u8 {
    let weights = (2..=most).cycle();
    let sum: u32 = digits.iter().rev().zip(weights).map(|(&digit, weight)| u32::from(digit) * weight).sum();
    let rest = sum % 11;
    if rest < 2 { 0 } else { u8::try_from(11 - rest).unwrap_or_default() }
}

/// Whether a text of 18 characters is a Chinese resident id.
pub(super) fn is_chinese_id(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let bytes = text.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(&byte, weight)| u32::from(byte - b'0') * weight).sum();
    CHECKS[usize::try_from(sum % 11).unwrap_or_default()] == bytes[17].to_ascii_uppercase()
}

fn is_repeated(digits: &[u8]) -> bool {
    digits.windows(2).all(|pair| pair[0] == pair[1])
}
