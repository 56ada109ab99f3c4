;; SHA-1 (RFC 3174) and Adler-32 (RFC 1950) of one text. Assembled into loose-object.wasm.ts by: node scripts/assemble.mjs
;;
;; A hook runs cold. As JavaScript the same costs it 5 ms of processor time for a file of 10 KB, which is compiled again and again while it
;; runs; this costs less than one. The rounds are several functions since V8 optimizes a function that has run for long, in the background:
;; one function for all of them gets there at 4 KB and costs 1.5 ms more, these at 20 KB.
;;
;; Memory: the 80 words of the message schedule from 0, the five words of the digest from 320, the checksum at 340, the text from 512.
(module
  (memory (export "memory") 1)

  ;; The schedule of the block at $at: its 16 words, and 64 that are made of them.
  (func $schedule (param $at i32)
    (local $i i32) (local $word i32)
    (loop $given
      (local.set $word (i32.load (i32.add (local.get $at) (local.get $i))))
      ;; The first byte is the highest.
      (i32.store (local.get $i)
        (i32.or
          (i32.and (i32.rotl (local.get $word) (i32.const 8)) (i32.const 0x00ff00ff))
          (i32.and (i32.rotr (local.get $word) (i32.const 8)) (i32.const 0xff00ff00))))
      (br_if $given (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 64))))
    (local.set $i (i32.const 0))
    (loop $made
      (i32.store offset=64 (local.get $i)
        (i32.rotl
          (i32.xor
            (i32.xor (i32.load offset=52 (local.get $i)) (i32.load offset=32 (local.get $i)))
            (i32.xor (i32.load offset=8 (local.get $i)) (i32.load (local.get $i))))
          (i32.const 1)))
      (br_if $made (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 256)))))

  ;; Rounds 0 to 19: the one of $c and $d that $b chooses, bit by bit.
  (func $choice
    (local $i i32) (local $next i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32)
    (local.set $a (i32.load (i32.const 320)))
    (local.set $b (i32.load (i32.const 324)))
    (local.set $c (i32.load (i32.const 328)))
    (local.set $d (i32.load (i32.const 332)))
    (local.set $e (i32.load (i32.const 336)))
    (local.set $i (i32.const 0))
    (loop $round
      (local.set $next
        (i32.add
          (i32.add (i32.rotl (local.get $a) (i32.const 5)) (i32.add (local.get $e) (i32.const 0x5a827999)))
          (i32.add
            (i32.load (local.get $i))
            (i32.xor (local.get $d) (i32.and (local.get $b) (i32.xor (local.get $c) (local.get $d)))))))
      (local.set $e (local.get $d))
      (local.set $d (local.get $c))
      (local.set $c (i32.rotl (local.get $b) (i32.const 30)))
      (local.set $b (local.get $a))
      (local.set $a (local.get $next))
      (br_if $round (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 80))))
    (i32.store (i32.const 320) (local.get $a))
    (i32.store (i32.const 324) (local.get $b))
    (i32.store (i32.const 328) (local.get $c))
    (i32.store (i32.const 332) (local.get $d))
    (i32.store (i32.const 336) (local.get $e)))

  ;; Rounds 20 to 39, and 60 to 79: whether an odd number of $b, $c and $d have the bit. $i: where their words are.
  (func $parity (param $i i32) (param $constant i32)
    (local $next i32) (local $end i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32)
    (local.set $a (i32.load (i32.const 320)))
    (local.set $b (i32.load (i32.const 324)))
    (local.set $c (i32.load (i32.const 328)))
    (local.set $d (i32.load (i32.const 332)))
    (local.set $e (i32.load (i32.const 336)))
    (local.set $end (i32.add (local.get $i) (i32.const 80)))
    (loop $round
      (local.set $next
        (i32.add
          (i32.add (i32.rotl (local.get $a) (i32.const 5)) (i32.add (local.get $e) (local.get $constant)))
          (i32.add
            (i32.load (local.get $i))
            (i32.xor (local.get $b) (i32.xor (local.get $c) (local.get $d))))))
      (local.set $e (local.get $d))
      (local.set $d (local.get $c))
      (local.set $c (i32.rotl (local.get $b) (i32.const 30)))
      (local.set $b (local.get $a))
      (local.set $a (local.get $next))
      (br_if $round (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (local.get $end))))
    (i32.store (i32.const 320) (local.get $a))
    (i32.store (i32.const 324) (local.get $b))
    (i32.store (i32.const 328) (local.get $c))
    (i32.store (i32.const 332) (local.get $d))
    (i32.store (i32.const 336) (local.get $e)))

  ;; Rounds 40 to 59: the bit that most of $b, $c and $d have.
  (func $majority
    (local $i i32) (local $next i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32)
    (local.set $a (i32.load (i32.const 320)))
    (local.set $b (i32.load (i32.const 324)))
    (local.set $c (i32.load (i32.const 328)))
    (local.set $d (i32.load (i32.const 332)))
    (local.set $e (i32.load (i32.const 336)))
    (local.set $i (i32.const 160))
    (loop $round
      (local.set $next
        (i32.add
          (i32.add (i32.rotl (local.get $a) (i32.const 5)) (i32.add (local.get $e) (i32.const 0x8f1bbcdc)))
          (i32.add
            (i32.load (local.get $i))
            (i32.or
              (i32.and (local.get $b) (local.get $c))
              (i32.and (local.get $d) (i32.or (local.get $b) (local.get $c)))))))
      (local.set $e (local.get $d))
      (local.set $d (local.get $c))
      (local.set $c (i32.rotl (local.get $b) (i32.const 30)))
      (local.set $b (local.get $a))
      (local.set $a (local.get $next))
      (br_if $round (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (i32.const 240))))
    (i32.store (i32.const 320) (local.get $a))
    (i32.store (i32.const 324) (local.get $b))
    (i32.store (i32.const 328) (local.get $c))
    (i32.store (i32.const 332) (local.get $d))
    (i32.store (i32.const 336) (local.get $e)))

  ;; The text ends at $end, the whole blocks that it is padded to at $blocks.
  (func (export "hash") (param $end i32) (param $blocks i32)
    (local $at i32) (local $a i32) (local $b i32)
    (local $h0 i32) (local $h1 i32) (local $h2 i32) (local $h3 i32) (local $h4 i32)
    (local.set $h0 (i32.const 0x67452301))
    (local.set $h1 (i32.const 0xefcdab89))
    (local.set $h2 (i32.const 0x98badcfe))
    (local.set $h3 (i32.const 0x10325476))
    (local.set $h4 (i32.const 0xc3d2e1f0))
    (local.set $at (i32.const 512))
    (loop $block
      (i32.store (i32.const 320) (local.get $h0))
      (i32.store (i32.const 324) (local.get $h1))
      (i32.store (i32.const 328) (local.get $h2))
      (i32.store (i32.const 332) (local.get $h3))
      (i32.store (i32.const 336) (local.get $h4))
      (call $schedule (local.get $at))
      (call $choice)
      (call $parity (i32.const 80) (i32.const 0x6ed9eba1))
      (call $majority)
      (call $parity (i32.const 240) (i32.const 0xca62c1d6))
      (local.set $h0 (i32.add (local.get $h0) (i32.load (i32.const 320))))
      (local.set $h1 (i32.add (local.get $h1) (i32.load (i32.const 324))))
      (local.set $h2 (i32.add (local.get $h2) (i32.load (i32.const 328))))
      (local.set $h3 (i32.add (local.get $h3) (i32.load (i32.const 332))))
      (local.set $h4 (i32.add (local.get $h4) (i32.load (i32.const 336))))
      (br_if $block (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 64))) (local.get $blocks))))
    (i32.store (i32.const 320) (local.get $h0))
    (i32.store (i32.const 324) (local.get $h1))
    (i32.store (i32.const 328) (local.get $h2))
    (i32.store (i32.const 332) (local.get $h3))
    (i32.store (i32.const 336) (local.get $h4))

    (local.set $at (i32.const 512))
    (local.set $a (i32.const 1))
    (loop $byte
      (local.set $a (i32.add (local.get $a) (i32.load8_u (local.get $at))))
      (local.set $b (i32.add (local.get $b) (local.get $a)))
      ;; Both sums fit their words for 5552 bytes; a division for every byte would take most of the time.
      (if (i32.eqz (i32.and (local.tee $at (i32.add (local.get $at) (i32.const 1))) (i32.const 4095)))
        (then
          (local.set $a (i32.rem_u (local.get $a) (i32.const 65521)))
          (local.set $b (i32.rem_u (local.get $b) (i32.const 65521)))))
      (br_if $byte (i32.lt_u (local.get $at) (local.get $end))))
    (i32.store (i32.const 340)
      (i32.or
        (i32.shl (i32.rem_u (local.get $b) (i32.const 65521)) (i32.const 16))
        (i32.rem_u (local.get $a) (i32.const 65521))))))
