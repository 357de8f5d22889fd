#if !LIBFUZZER
  internal import Foundation

  /// Where libFuzzer is not: mutates the seeds blindly, without seeing which code they reach.
  ///
  /// A file among the arguments is run once, as it is; the files of a folder are more seeds.
  struct Mutator {
    private var seconds = 20.0
    private var timeout: UInt32 = 10
    private var prefix = ""
    private var seeds: [[UInt8]]
    private var inputs: [[UInt8]] = []
    private var random = SplitMix(state: UInt64(Date().timeIntervalSince1970 * 1000))

    init(arguments: ArraySlice<String>, seeds: [[UInt8]]) {
      self.seeds = seeds
      for argument in arguments {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        switch parts.first {
        case "-max_total_time": seconds = Double(parts.last ?? "") ?? seconds
        case "-timeout": timeout = UInt32(parts.last ?? "") ?? timeout
        case "-artifact_prefix": prefix = parts.last ?? ""
        case "-seed": random.state = UInt64(parts.last ?? "") ?? random.state
        case let option? where option.hasPrefix("-"): continue
        default: read(argument)
        }
      }
    }

    private mutating func read(_ path: String) {
      if let names = try? FileManager.default.contentsOfDirectory(atPath: path) {
        for name in names.sorted() {
          if let data = FileManager.default.contents(atPath: "\(path)/\(name)") { seeds.append([UInt8](data)) }
        }
      } else if let data = FileManager.default.contents(atPath: path) {
        inputs.append([UInt8](data))
      }
    }

    mutating func run(_ body: ([UInt8]) -> Void) {
      Finding.watch(prefix)
      if !inputs.isEmpty {
        for input in inputs { Finding.run(input, timeout, body) }
        return
      }
      print("plain mutator, \(seeds.count) seeds, -seed=\(random.state)")
      for seed in seeds { Finding.run(seed, timeout, body) }
      let end = Date().addingTimeInterval(seconds)
      var count = 0
      while Date() < end {
        Finding.run(mutated(), timeout, body)
        count += 1
      }
      print("\(count) inputs, nothing found")
    }

    private mutating func mutated() -> [UInt8] {
      var bytes = seeds.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let length = Int.random(in: 0...min(16, bytes.count - place), using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
        case 2:
          bytes.insert(
            [0, 1, 0x7f, 0x80, 0xff, .random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0, at: place
          )
        case 3: bytes.removeSubrange(place..<place + length)
        case 4:
          bytes.insert(contentsOf: bytes[place..<place + length], at: Int.random(in: 0...bytes.count, using: &random))
        default:
          let other = seeds.randomElement(using: &random) ?? []
          let from = Int.random(in: 0...other.count, using: &random)
          bytes.replaceSubrange(place..., with: other[from...])
        }
      }
      return Array(bytes.prefix(1 << 16))
    }
  }

  struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
      return z ^ z >> 31
    }
  }
#endif
