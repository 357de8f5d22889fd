import KernelsCrypto

/// Published examples, in hexadecimal digits.
struct AEADExample: Sendable {
  let algorithm: AEAD.Algorithm
  let key, nonce, header, plaintext, ciphertext, tag: String

  static let all = gcm + [sunscreen]

  /// D. McGrew, J. Viega, "The Galois/Counter Mode of Operation (GCM)", submitted to NIST in 2005, appendix B: test cases 1 to 4
  /// and 13 to 16.
  private static let gcm: [AEADExample] = {
    let zeros = String(repeating: "00", count: 16)
    let zeroNonce = String(repeating: "00", count: 12)
    let (key, nonce) = ("feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888")
    let plaintext =
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
    let of128 =
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
      + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
    let of256 =
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
    let header = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
    func example(
      _ algorithm: AEAD.Algorithm, _ key: String, _ nonce: String, _ header: String, _ plaintext: some StringProtocol,
      _ ciphertext: some StringProtocol, _ tag: String
    ) -> AEADExample {
      AEADExample(
        algorithm: algorithm, key: key, nonce: nonce, header: header, plaintext: String(plaintext),
        ciphertext: String(ciphertext), tag: tag)
    }
    return [
      example(.aes128GCM, zeros, zeroNonce, "", "", "", "58e2fccefa7e3061367f1d57a4e7455a"),
      example(
        .aes128GCM, zeros, zeroNonce, "", zeros, "0388dace60b6a392f328c2b971b2fe78",
        "ab6e47d42cec13bdf53a67b21257bddf"),
      example(.aes128GCM, key, nonce, "", plaintext, of128, "4d5c2af327cd64a62cf35abd2ba6fab4"),
      example(
        .aes128GCM, key, nonce, header, plaintext.prefix(120), of128.prefix(120), "5bc94fbc3221a5db94fae95ae7121a47"),
      example(.aes256GCM, zeros + zeros, zeroNonce, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
      example(
        .aes256GCM, zeros + zeros, zeroNonce, "", zeros, "cea7403d4d606b6e074ec5d3baf39d18",
        "d0d1c8a799996bf0265b98b5d48ab919"),
      example(.aes256GCM, key + key, nonce, "", plaintext, of256, "b094dac5d93471bdec1a502270e3cc6c"),
      example(
        .aes256GCM, key + key, nonce, header, plaintext.prefix(120), of256.prefix(120),
        "76fc6ece0f4e1768cddf8853bb2d551b"),
    ]
  }()

  /// RFC 8439 section 2.8.2: "Ladies and Gentlemen of the class of '99: ...".
  private static let sunscreen = AEADExample(
    algorithm: .chaCha20Poly1305,
    key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
    nonce: "070000004041424344454647", header: "50515253c0c1c2c3c4c5c6c7",
    plaintext: "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
      + "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
      + "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
      + "637265656e20776f756c642062652069742e",
    ciphertext: "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
      + "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
      + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
      + "3ff4def08e4b7a9de576d26586cec64b6116",
    tag: "1ae10b594f09e26a7e902ecbd0600691")
}
