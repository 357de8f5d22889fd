/// Texts that plans are measured on: made here, in the likeness of what comes in.
enum JSONPlanTexts {
  /// An order of 2 KB with white space, as a shop sends it.
  static let order: String = {
    let lines = (1...9).map {
      #"{"sku": "SKU-\#($0)-ABCDEF", "title": "Item number \#($0) with a name", "quantity": \#($0), "price": \#($0).95, "tax": 0.21}"#
    }
    return """
      {
        "id": "ord-000123456", "created": "2026-11-28T12:34:56.789Z", "status": "paid", "channel": "web",
        "customer": {"id": 918273, "name": "Zoë Example", "email": "zoe@example.org",
          "address": {"street": "1 Long Street", "city": "Springfield", "zip": "12345", "country": "NL"},
          "segments": ["gold", "early", "eu"]},
        "lines": [
          \(lines.joined(separator: ",\n    "))
        ],
        "total": 1234.56, "currency": "EUR", "region": "eu-west-1", "notes": "leave at the door, \\"please\\"",
        "flags": {"gift": false, "express": true, "fraud_score": 0.0123},
        "trace": "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Safari/537.36",
        "consent": {"marketing": true, "analytics": null, "version": 12, "at": "2026-01-02T03:04:05Z"},
        "shipping": {"carrier": "POST", "service": "next-day", "cost": 6.95, "pickup": null}
      }
      """
  }()

  /// Ten fields of an order.
  static let orderPlan =
    "{order: id, customer: customer.name, city: customer.address.city, total: total, currency: currency, created: created,"
    + " status: status, express: flags.express, risk: flags.fraud_score, region: region}"

  /// A page of messages: three fields are asked for, and there are some ninety.
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
        + #""text":"a message, number \#(i), メッセージ 日本 with some words, and no escapes that Foundation would undo","#
        + #""source":"<a href=\"http:\/\/example.org\/client\" rel=\"nofollow\">Client</a>","truncated":false,"#
        + #""user":\#(user(i)),"geo":null,"coordinates":null,"place":null,"retweet_count":\#(i % 10),"favorite_count":0,"#
        + #""entities":\#(entities),"favorited":false,"retweeted":false,"lang":"ja"}"#
    }
    return "{\"statuses\":[\(statuses.joined(separator: ","))],\"search_metadata\":{\"count\":\(count)}}"
  }

  static let messagePlan = "statuses[*].{id: id_str, text: text, user: user.screen_name}"

  /// Events of devices, one a line; half of them pass ``eventPlan``.
  static func events(_ count: Int) -> String {
    (0..<count).map { i in
      #"{"id":\#(i),"device":"device \#(i % 97)","price":\#(i % 400 / 10).\#(i % 10),"ok":\#(i % 3 == 0),"tags":["a","b"],"#
        + #""note":"some longer text here, number \#(i)","at":{"x":\#(i),"y":[1,2,3]}}"# + "\n"
    }.joined()
  }

  static let eventPlan = "price > `19.95` && {id: id, device: device} || `null`"

  static let patch =
    #"[{"op":"replace","path":"/status","value":"sent"},{"op":"remove","path":"/lines/3"},"#
    + #"{"op":"add","path":"/flags/late","value":false},{"op":"move","from":"/trace","path":"/shipping/trace"}]"#
}
