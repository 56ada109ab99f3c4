/** Evaluates arithmetic text: + - * / and parentheses, by recursive descent; nothing is ever handed to eval. */
export function evaluate(text) {
  let at = 0;

  const peek = () => {
    while (text[at] === ' ') at += 1;
    return text[at];
  };
  const take = (char) => {
    if (peek() !== char) return false;
    at += 1;
    return true;
  };
  const fail = () => {
    throw new SyntaxError(`cannot read ${JSON.stringify(text)} at position ${at}`);
  };

  function sum() {
    let value = product();
    for (;;) {
      if (take('+')) value += product();
      else if (take('-')) value -= product();
      else return value;
    }
  }

  function product() {
    let value = unary();
    for (;;) {
      if (take('*')) value *= unary();
      else if (take('/')) value /= unary();
      else return value;
    }
  }

  function unary() {
    return take('-') ? -unary() : atom();
  }

  function atom() {
    if (take('(')) {
      const value = sum();
      return take(')') ? value : fail();
    }
    peek();
    const digits = /^\d+(\.\d+)?/.exec(text.slice(at))?.[0];
    if (digits === undefined) return fail();
    at += digits.length;
    return Number(digits);
  }

  const value = sum();
  return peek() === undefined ? value : fail();
}
