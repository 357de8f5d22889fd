/// Texts in the likeness of what comes in. They are made here, the same at each run, so that anyone can measure on them.
enum Inputs {
  /// A page of messages: three fields of some thirty are asked for; half of the text is Japanese.
  static func messages(_ count: Int) -> String {
    let entities = #"{"hashtags":[{"text":"tag","indices":[12,16]}],"symbols":[],"urls":[],"user_mentions":[]}"#
    func user(_ i: Int) -> String {
      #"{"id":\#(1_000_000 + i),"id_str":"\#(1_000_000 + i)","name":"ゆう \#(i)","screen_name":"user_\#(i)","location":"","#
        + #""description":"a few words about someone, ことば, and a link","url":null,"entities":\#(entities),"#
        + #""protected":false,"followers_count":\#(i * 7),"friends_count":\#(i * 3),"listed_count":0,"#
        + #""created_at":"Sun Aug 31 00:29:15 +0000 2014","verified":false,"statuses_count":\#(i * 31),"lang":"ja","#
        + #""profile_image_url":"http:\/\/example.org\/profile_images\/\#(i)\/image_normal.jpeg","geo_enabled":true}"#
    }
    let statuses = (0..<count).map { i in
      #"{"metadata":{"result_type":"recent","iso_language_code":"ja"},"created_at":"Sun Aug 31 00:29:15 +0000 2014","#
        + #""id":\#(505_874_924_095_815_681 + i),"id_str":"\#(505_874_924_095_815_681 + i)","#
        + #""text":"a message, number \#(i), メッセージ 日本 with some words, and no escapes","#
        + #""source":"<a href=\"http:\/\/example.org\/client\" rel=\"nofollow\">Client</a>","truncated":false,"#
        + #""user":\#(user(i)),"geo":null,"coordinates":null,"place":null,"retweet_count":\#(i % 10),"favorite_count":0,"#
        + #""entities":\#(entities),"favorited":false,"retweeted":false,"lang":"ja"}"#
    }
    return "{\"statuses\":[\(statuses.joined(separator: ","))],\"search_metadata\":{\"count\":\(count)}}"
  }

  /// Small objects of whole numbers and nulls, indented by four.
  static func catalogue(_ count: Int) -> String {
    var random = Generator(state: 2)
    let performances = (0..<count).map { i in
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

  /// Pairs of doubles of 15 and more digits.
  static func coordinates(_ rings: Int) -> String {
    var random = Generator(state: 3)
    let rings = (0..<rings).map { _ in
      let points = (0..<116).map { _ in
        let (x, y) = (Double(random.next() >> 11) / 0x1p53, Double(random.next() >> 11) / 0x1p53)
        return "[\(-140 + 85 * x),\(42 + 41 * y)]"
      }
      return "[" + points.joined(separator: ",") + "]"
    }
    return #"{"type":"Polygon","coordinates":["# + rings.joined(separator: ",\n") + "]}"
  }

  /// Events of devices, one a line; about half of them cost more than 19.95.
  static func events(_ count: Int) -> String {
    (0..<count).map { i in
      #"{"id":\#(i),"device":"device \#(i % 97)","price":\#(i % 400 / 10).\#(i % 10),"ok":\#(i % 3 == 0),"tags":["a","b"],"#
        + #""note":"some longer text here, number \#(i)","at":{"x":\#(i),"y":[1,2,3]}}"# + "\n"
    }.joined()
  }

  /// Slopes of light with edges, and the noise of a sensor.
  static func photo(width: Int, height: Int, channels: Int) -> [UInt8] {
    var random = Generator(state: 12)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * channels)
    for y in 0..<height {
      for x in 0..<width {
        let noise = random.next()
        for c in 0..<channels {
          let isEdge = (x / 97 + y / 61) % 5 == c
          let grain = Int(noise >> UInt64(16 * c) & 7) + Int(noise >> UInt64(16 * c + 8) & 3)
          let value = x * (c + 2) / 23 + y * 3 / 31 + (isEdge ? 60 : 0) + grain
          pixels.append(c == 3 ? 255 : UInt8(truncatingIfNeeded: value & 511 > 255 ? ~value : value))
        }
      }
    }
    return pixels
  }
}

/// Steele, Lea and Flood's SplitMix64.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
