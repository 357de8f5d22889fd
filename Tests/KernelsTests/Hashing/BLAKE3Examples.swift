/// Outputs of the official implementation, printed by `Scripts/derive_blake3_examples.py`: the first 16 bytes, hexadecimal, of
/// the hash, of the hash with the key 0 ... 31, and of the key derived for ``context``.
struct BLAKE3Example {
  let byteCount: Int
  let hash, keyed, derived: String

  static let context = "example.com 2026-11-23 tests of key derivation"
  static let key = [UInt8](0..<32)
  /// Bytes 1000 ..< 1064 of the output of 5,000 bytes.
  static let sought =
    "a6bf149d538d678e591028d3f7075c380c03864eb2b72e55c2549b6262fcc5f5"
    + "889e86de085b8e13f118a073a4ce508b276ec9405ffa5f15908bfae84bf5d963"

  static let all: [BLAKE3Example] = [
    .init(
      0, "af1349b9f5f9a1a6a0404dea36dcc949", "73492b19995d71cdb1e9d74decc09809",
      "866fc1cdf160e2b2c4f43b6c03998a4c"),
    .init(
      1, "2d3adedff11b61f14c886e35afa03673", "d08b45c6b127ee94f3f8527a0b82a5f8",
      "8c2d5a9073c1413af1e87545822e71d4"),
    .init(
      2, "7b7015bb92cf0b318037702a6cdd81de", "3a771bec5c84aa7ad8c0e214a0598c1d",
      "1802d08c03777fb71c3f81f54b5d61a1"),
    .init(
      63, "e9bc37a594daad83be9470df7f7b3798", "e471df92f6f7dee100138af7da296959",
      "b4bc1b1e3162ffdc5a61e8c57dcf6939"),
    .init(
      64, "4eed7141ea4a5cd4b788606bd23f46e2", "cfaf838ff320e0d87301dcba02b1a4bb",
      "3b4dedd7225e95d344141e8b3fd46002"),
    .init(
      65, "de1e5fa0be70df6d2be8fffd0e99ceaa", "d8a45528bfa93a0d9b7bf4c840b68f64",
      "f3c1b8dc1a6c02517cea07bc54462ba6"),
    .init(
      127, "d81293fda863f008c09e92fc382a81f5", "85f533d496cd9c62af45735983026a3f",
      "c95764420d01c70f60f67b8a4952bfdf"),
    .init(
      128, "f17e570564b26578c33bb7f44643f539", "fe43a847dfccdfa5f070664fb8b51d7b",
      "a08cca5d622d7b1832378dc3fd4ebdcb"),
    .init(
      129, "683aaae9f3c5ba37eaaf072aed0f9e30", "ab3c5cbf1ed4fa7dfdca2b6969e6f3b7",
      "71b719fb8083a9914f3ca1c54cebfd4c"),
    .init(
      1023, "10108970eeda3eb932baac1428c7a216", "da1f18069871512af22af9f13dc00580",
      "dc79096353cebba6209dbd1572020918"),
    .init(
      1024, "42214739f095a406f3fc83deb889744a", "f45a9249a627fdf1fcf13c0e6376f6a9",
      "8c19b8e62779ddf0b1676de985936d32"),
    .init(
      1025, "d00278ae47eb27b34faecf67b4fe263f", "82223147a9b804a0c3f9a921b8d8aee2",
      "8f8c7c864dec0cc111eb4a0b6cb0ba74"),
    .init(
      2048, "e776b6028c7cd22a4d0ba182a8bf6220", "636bfa717d4f9fc3e59da9b2e5cce6a2",
      "81034b77342921d9cb00db436eb19ad1"),
    .init(
      2049, "5f4d72f40d7a5f82b15ca2b2e44b1de3", "5442eec85e3fd173dcff07c39cd8cff9",
      "535007b8008b0dc6d8faeee0d42264a6"),
    .init(
      3072, "b98cb0ff3623be03326b373de6b90952", "66315151ac08f5cdf077f76e1b5f584a",
      "da8ef510eeb0066e2f57091418cd349b"),
    .init(
      3073, "7124b49501012f81cc7f11ca069ec922", "66eabf3a0a1a262221ee9eed633621a5",
      "0b68487c51191068d9af79f6ed087cb4"),
    .init(
      4096, "015094013f57a5277b59d8475c050104", "e8c6e859e0480c4b062457defd04d2f4",
      "e52daeeb1b9b4df2ed825ecb4958277b"),
    .init(
      4097, "9b4052b38f1c5fc8b1f9ff7ac7b27cd2", "a3b7fe277011b5efcde8a33d90b0edb8",
      "fe74d2891c870752fff8124130263c6d"),
    .init(
      8192, "aae792484c8efe4f19e2ca7d371d8c46", "c659141d9d7e6efafd2f274d4307b9ab",
      "c7a093424edaf59081681354edaf87c6"),
    .init(
      8193, "bab6c09cb8ce8cf459261398d2e7aef3", "c666ccf5fa240c07a9d0a6b8ae92c676",
      "5b41d3d8d86db70a6d3dc5c386a88b83"),
    .init(
      16384, "f875d6646de28985646f34ee13be9a57", "8880ce020ab0459420eee7e95f173d8a",
      "f632f8e3a1f445ba7657cfb406eef155"),
    .init(
      16385, "1dabe216be2578830263b049de1639f3", "4343c3dd9cc572142984258a08652588",
      "1563e9f617c96035210deeaeebf9fa91"),
    .init(
      31744, "62b6960e1a44bcc1eb1a611a8d6235b6", "55253f057bce59e7811fea47ac0e7275",
      "a57ddec8bf44d554f707884135e6e38a"),
    .init(
      65536, "68d647e619a930e7b1082f74f334b0c6", "ca2a089711002f4987989e5fab9c11ca",
      "f82174d04da3222ff1bc6da573a459d5"),
    .init(
      102400, "bc3e3d41a1146b069abffad3c0d44860", "ab2ecf0478e816065ba6039d8ec583cb",
      "8d1e5b8ab0fe9eb3e82d05161318d89c"),
    .init(
      262144, "d57dc906e20d3fd326ffaa8553550048", "1a785033535f360e5df070101a89f2aa",
      "d8e5198d7a85d5798b9eb3690075b354"),
    .init(
      262145, "531c319935cf78f34869faebd865e574", "de6b89beb2b4143196ee2826ddb0a763",
      "be278016100a4a7b268b07b85c3522ec"),
    .init(
      600000, "5a87d7360a75bf0ee79f9ba8c5c4904a", "4afdea1d469bb58e715d297ce5c5aa89",
      "5410f5310e5086b064bb3e8d13847dae"),
  ]

  private init(_ byteCount: Int, _ hash: String, _ keyed: String, _ derived: String) {
    (self.byteCount, self.hash, self.keyed, self.derived) = (byteCount, hash, keyed, derived)
  }
}
