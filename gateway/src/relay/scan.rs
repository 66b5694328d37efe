//! A JSON checker that is fed a byte at a time and keeps nothing but its place.

/// Nesting a result may have; one bit of the stack each. Equal to the limit for requests.
const MAX_DEPTH: u32 = 128;
const _: () = assert!(MAX_DEPTH as usize == penstock_protocol::depth::MAX_DEPTH);

/// The bytes are not JSON, or nest too deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// What a byte means for the structure around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Nothing: inside a token, white space, a colon, array structure.
    Inside,
    /// The opening quote of an object key.
    KeyStart,
    /// The closing quote of an object key.
    KeyEnd,
    /// The first byte of a member's value (an object's `{` included).
    ValueStart,
    /// The comma behind a member.
    MemberEnd,
    /// The `}` of an object; [`Scanner::depth`] is already that of its parent.
    ObjectEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    ValueOrEnd,
    KeyOrEnd,
    Key,
    Colon,
    AfterValue,
    String { key: bool },
    Escape { key: bool },
    Unicode { key: bool, left: u8 },
    Number(Number),
    Literal(&'static [u8]),
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    Sign,
    Power,
}

/// Checks one JSON value, wherever it is cut.
#[derive(Debug)]
pub(crate) struct Scanner {
    state: State,
    depth: u32,
    /// One bit a level, the innermost lowest: set for an object, clear for an array.
    objects: u128,
}

impl Scanner {
    pub(crate) fn new() -> Self {
        Self { state: State::Value, depth: 0, objects: 0 }
    }

    /// How many arrays and objects are open.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Whether the value is complete.
    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// How many bytes at the front of `bytes` are plain string content, to be skipped in one go.
    pub(crate) fn plain_run(&self, bytes: &[u8]) -> usize {
        match self.state {
            State::String { .. } => {
                bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(bytes.len())
            }
            _ => 0,
        }
    }

    /// Takes the next byte.
    pub(crate) fn step(&mut self, byte: u8) -> Result<Mark, Malformed> {
        match self.state {
            State::String { key } => self.string(key, byte),
            State::Escape { key } => self.escape(key, byte),
            State::Unicode { key, left } => {
                let next = if left == 1 { State::String { key } } else { State::Unicode { key, left: left - 1 } };
                self.go_if(byte.is_ascii_hexdigit(), next)
            }
            State::Number(number) => self.number(number, byte),
            State::Literal(rest) => {
                let next = if rest.len() == 1 { self.after_value() } else { State::Literal(&rest[1..]) };
                self.go_if(byte == rest[0], next)
            }
            _ if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') => Ok(Mark::Inside),
            State::ValueOrEnd if byte == b']' => self.close(false),
            State::Value | State::ValueOrEnd => self.value(byte),
            State::KeyOrEnd if byte == b'}' => self.close(true),
            State::KeyOrEnd | State::Key => {
                self.go_if(byte == b'"', State::String { key: true }).map(|_| Mark::KeyStart)
            }
            State::Colon => self.go_if(byte == b':', State::Value),
            State::AfterValue => self.after(byte),
            State::Done => Err(Malformed),
        }
    }

    fn go(&mut self, next: State) -> Mark {
        self.state = next;
        Mark::Inside
    }

    fn go_if(&mut self, sound: bool, next: State) -> Result<Mark, Malformed> {
        if sound { Ok(self.go(next)) } else { Err(Malformed) }
    }

    fn in_object(&self) -> bool {
        self.depth > 0 && self.objects & 1 == 1
    }

    fn after_value(&self) -> State {
        if self.depth == 0 { State::Done } else { State::AfterValue }
    }

    fn value(&mut self, byte: u8) -> Result<Mark, Malformed> {
        let mark = if self.in_object() { Mark::ValueStart } else { Mark::Inside };
        self.state = match byte {
            b'{' => self.open(true)?,
            b'[' => self.open(false)?,
            b'"' => State::String { key: false },
            b't' => State::Literal(b"rue"),
            b'f' => State::Literal(b"alse"),
            b'n' => State::Literal(b"ull"),
            b'-' => State::Number(Number::Minus),
            b'0' => State::Number(Number::Zero),
            b'1'..=b'9' => State::Number(Number::Integer),
            _ => return Err(Malformed),
        };
        Ok(mark)
    }

    fn open(&mut self, object: bool) -> Result<State, Malformed> {
        if self.depth == MAX_DEPTH {
            return Err(Malformed);
        }
        self.depth += 1;
        self.objects = self.objects << 1 | u128::from(object);
        Ok(if object { State::KeyOrEnd } else { State::ValueOrEnd })
    }

    fn close(&mut self, object: bool) -> Result<Mark, Malformed> {
        if self.in_object() != object {
            return Err(Malformed);
        }
        self.depth -= 1;
        self.objects >>= 1;
        self.state = self.after_value();
        Ok(if object { Mark::ObjectEnd } else { Mark::Inside })
    }

    fn after(&mut self, byte: u8) -> Result<Mark, Malformed> {
        match byte {
            b',' if self.in_object() => {
                self.state = State::Key;
                Ok(Mark::MemberEnd)
            }
            b',' => Ok(self.go(State::Value)),
            b'}' => self.close(true),
            b']' => self.close(false),
            _ => Err(Malformed),
        }
    }

    fn string(&mut self, key: bool, byte: u8) -> Result<Mark, Malformed> {
        match byte {
            b'"' if key => {
                self.state = State::Colon;
                Ok(Mark::KeyEnd)
            }
            b'"' => Ok(self.go(self.after_value())),
            b'\\' => Ok(self.go(State::Escape { key })),
            0..=0x1f => Err(Malformed),
            _ => Ok(Mark::Inside),
        }
    }

    fn escape(&mut self, key: bool, byte: u8) -> Result<Mark, Malformed> {
        match byte {
            b'u' => Ok(self.go(State::Unicode { key, left: 4 })),
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(self.go(State::String { key })),
            _ => Err(Malformed),
        }
    }

    fn number(&mut self, number: Number, byte: u8) -> Result<Mark, Malformed> {
        use Number::{Exponent, Fraction, Integer, Minus, Point, Power, Sign, Zero};
        let next = match (number, byte) {
            (Minus, b'0') => Zero,
            (Minus, b'1'..=b'9') | (Integer, b'0'..=b'9') => Integer,
            (Zero | Integer, b'.') => Point,
            (Point | Fraction, b'0'..=b'9') => Fraction,
            (Zero | Integer | Fraction, b'e' | b'E') => Exponent,
            (Exponent, b'+' | b'-') => Sign,
            (Exponent | Sign | Power, b'0'..=b'9') => Power,
            (Zero | Integer | Fraction | Power, _) => {
                self.state = self.after_value();
                return self.step(byte);
            }
            _ => return Err(Malformed),
        };
        Ok(self.go(State::Number(next)))
    }
}
