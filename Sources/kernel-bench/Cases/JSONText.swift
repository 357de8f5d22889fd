import BenchHarness
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A text to measure with: a well-known file where `KERNELS_DATA` has it, else one that looks like it.
struct JSONText: Sendable {
  let label: String
  /// Of a text that is generated, what its generator makes of its seed: nothing is generated to say it.
  let byteCount: Int
  private let generate: @Sendable () -> [UInt8]

  static let all: [JSONText] = [
    JSONText("twitter", 363_772) { twitter() }, JSONText("citm_catalog", 1_308_883) { catalog() },
    JSONText("canada", 2_193_383) { canada() }, JSONText("gsoc-2018", 3_262_824) { summer() },
  ]

  /// The text whose values are numbers.
  static var numbers: JSONText { all[2] }

  /// Read, or generated, at each call.
  func bytes() -> [UInt8] { generate() }

  private init(_ name: String, _ byteCount: Int, _ generate: @escaping @Sendable () -> String) {
    if let folder = unsafe getenv("KERNELS_DATA"),
      let file = unsafe Self.read(String(cString: folder) + "/json/\(name).json")
    {
      (label, self.byteCount, self.generate) = (name, file.count, { file })
    } else {
      (label, self.byteCount, self.generate) = ("\(name)-like", byteCount, { Array(generate().utf8) })
    }
  }

  private static func read(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while true {
      let count = unsafe fread(&piece, 1, piece.count, file)
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }
}

// MARK: - Look-alikes

extension JSONText {
  /// Short members, indented by two; text of which half is Japanese; empty arrays.
  private static func twitter() -> String {
    var random = SplitMix64(seed: 1)
    let statuses = (0..<300).map { i in
      let id = random.next() >> 5
      let text = (0..<12).map { _ in
        ["今日は", "いい天気", "RT @name: ", "です。\\n", "http:\\/\\/t.co\\/x"].randomElement(using: &random)!
      }
      return """
            {
              "metadata": {
                "result_type": "recent",
                "iso_language_code": "ja"
              },
              "created_at": "Sun Aug 31 00:29:15 +0000 2014",
              "id": \(id),
              "id_str": "\(id)",
              "text": "\(text.joined())",
              "truncated": false,
              "in_reply_to_user_id": null,
              "user": {
                "id": \(random.next() >> 34),
                "name": "名前 \(i)",
                "description": "\(text.reversed().joined())",
                "url": null,
                "followers_count": \(random.next() % 5000),
                "protected": false,
                "profile_image_url": "http:\\/\\/pbs.twimg.com\\/profile_images\\/\(id)\\/normal.jpeg",
                "following": \(random.next() % 2 == 0)
              },
              "geo": null,
              "entities": {
                "hashtags": [],
                "urls": [],
                "user_mentions": [
                  {
                    "screen_name": "n\(i)",
                    "indices": [
                      3,
                      19
                    ]
                  }
                ]
              },
              "favorited": false,
              "lang": "ja"
            }
        """
    }
    return "{\n  \"statuses\": [\n" + statuses.joined(separator: ",\n") + "\n  ]\n}\n"
  }

  /// Small objects of whole numbers and nulls, indented by four.
  private static func catalog() -> String {
    var random = SplitMix64(seed: 2)
    let performances = (0..<1500).map { i in
      let prices = (0..<4).map { _ in
        """
                    {
                        "amount": \(random.next() % 100_000),
                        "audienceSubCategoryId": 337100890,
                        "seatCategoryId": \(338_937_000 + random.next() % 999)
                    }
        """
      }
      return """
            {
                "eventId": \(138_586_000 + i),
                "id": \(339_887_000 + i),
                "logo": null,
                "name": null,
                "prices": [
        \(prices.joined(separator: ",\n"))
                ],
                "seatMapImage": null,
                "start": \(1_372_701_600_000 + random.next() % 99_999_999),
                "venueCode": "PLEYEL_PLEYEL"
            }
        """
    }
    return "{\n    \"performances\": [\n" + performances.joined(separator: ",\n") + "\n    ]\n}\n"
  }

  /// Pairs of doubles of 15 and more digits, without white space.
  private static func canada() -> String {
    var random = SplitMix64(seed: 3)
    let rings = (0..<480).map { _ in
      let points = (0..<116).map { _ in
        let (x, y) = (Double(random.next() >> 11) / 0x1p53, Double(random.next() >> 11) / 0x1p53)
        return "[\(-140 + 85 * x),\(42 + 41 * y)]"
      }
      return "[" + points.joined(separator: ",") + "]"
    }
    return #"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":["#
      + rings.joined(separator: ",\n") + "]}}]}"
  }

  /// Long texts with escapes and some letters beyond ASCII.
  private static func summer() -> String {
    var random = SplitMix64(seed: 4)
    let words = [
      "project", "open", "source", "mentor", "été", "library", "of\\n\\n", "the", "\\\"data\\\"", "organisation’s",
    ]
    let entries = (0..<2500).map { i in
      let text = (0..<140).map { _ in words.randomElement(using: &random)! }.joined(separator: " ")
      return """
          "\(i)": {
            "@context": "http://schema.org",
            "@type": "SoftwareSourceCode",
            "name": "Project \(i)",
            "description": "\(text)",
            "sponsor": {
              "@type": "Organization",
              "name": "Name"
            }
          }
        """
    }
    return "{\n" + entries.joined(separator: ",\n") + "\n}\n"
  }
}
