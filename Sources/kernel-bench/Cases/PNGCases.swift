import BenchHarness
import Kernels

extension KernelCases {
  /// PNG: decode and encode beside libpng, and whole files made smaller beside libvips. Speed is in pixels of the source.
  func png(_ context: CaseContext) -> [CaseSeries] {
    let withPeer = !context.kernelAlone
    let row = PNGUnfilterKernel.kernel(context.features).name.description
    let filters = PNGFilterKernel.kernel(context.features).name.description
    let files = PNGSubject.files
    let decode = subjects(
      "png-decode", PNGSubject.all + files, row, peers: withPeer ? [LibpngPeer.peer, LibspngPeer.shared.peer] : []
    ) { try $0.decoding(row: row, withPeer: withPeer) }
    let encode = [1, 6].map { level in
      subjects(
        "png-encode-\(level)", PNGSubject.pictures(.icon, .screen, .photo2M, .rgba3M) + files.filter { $0.bits == 8 },
        filters,
        peers: withPeer ? [LibpngPeer.peer] : []
      ) { try $0.encoding(row: filters, level: level, withPeer: withPeer) }
    }
    let vips = withPeer ? [LibvipsPeer.shared.peer] : []
    func resize(_ name: String, _ subject: [PNGSubject], to widths: [Int]) -> CaseSeries {
      subjects(name, subject, row, peers: vips) { try $0.resizing(row: row, to: widths, withPeer: withPeer) }
    }
    let resizes = [
      resize(
        "png-resize-300", PNGSubject.pictures(.screen, .deep, .interlaced, .photo2M, .photo12M) + files, to: [300]),
      resize("png-resize-1024", PNGSubject.pictures(.photo2M, .rgba3M) + files, to: [1024]),
      resize("png-resize-4-sizes", PNGSubject.pictures(.rgba3M), to: [1024, 512, 256, 128]),
      resize("png-resize-32", PNGSubject.pictures(.icon, .icons), to: [32]),
    ]
    // What the sizes beside the largest cost, and what is held where nothing was: of the second, the figure is `live.peak`.
    let four = subjects("png-resize-4-beside-1", PNGSubject.pictures(.rgba3M), row, peers: []) {
      try $0.resizing(row: row, to: [1024, 512, 256, 128], besideLargest: true)
    }
    let once = subjects("png-resize-once", PNGSubject.pictures(.photo12M), row, peers: vips) {
      try $0.resizing(row: row, to: [300], withPeer: withPeer, keepsMemory: false)
    }
    return [decode] + encode + resizes + [four, once]
  }

  private func subjects(
    _ name: String, _ subjects: [PNGSubject], _ row: String, peers: [Peer],
    prepare: @escaping (PNGWork) throws -> [Contender]
  ) -> CaseSeries {
    // Points stand by size; what a picture is called tells them apart.
    let points = subjects.map { CaseSeries.Point($0.size.width * $0.size.height, label: $0.name, isLong: $0.isLong) }
    return CaseSeries(name: name, points: points) { point, caseName in
      let subject = subjects.first { $0.name == point.label } ?? subjects[0]
      return BenchmarkCase(
        name: caseName, series: name, size: point.size,
        parameters: [.init("width", subject.size.width), .init("height", subject.size.height)], unit: .elements,
        row: row, ceiling: .none(reason: "what the bytes of a file allow is not known before"), peers: peers
      ) { try prepare(try subject.work()) }
    }
  }
}

/// An image that the benchmark draws, or a file of `KERNELS_DATA`.
struct PNGSubject {
  let name: String
  let size: ImageSize
  let bits: Int
  let isLong: Bool
  let work: () throws -> PNGWork

  static var all: [PNGSubject] { PNGWork.Picture.allCases.filter { $0.count == 1 }.map { PNGSubject($0) } }

  static func pictures(_ pictures: PNGWork.Picture...) -> [PNGSubject] { pictures.map { PNGSubject($0) } }

  /// The photos among the user's data; none where there are none.
  static var files: [PNGSubject] {
    DataFolder.files("png/photos", ending: ".png").compactMap { name, path in
      guard let bytes = try? InputFile(path: path).bytes, let info = try? unsafe PNG.inspect(bytes.span.bytes) else {
        return nil
      }
      return PNGSubject(name: name, size: info.size, bits: info.bitDepth == 16 ? 16 : 8, isLong: true) {
        try PNGWork(file: InputFile(path: path).bytes)
      }
    }
  }

  private init(name: String, size: ImageSize, bits: Int, isLong: Bool, work: @escaping () throws -> PNGWork) {
    (self.name, self.size, self.bits, self.isLong, self.work) = (name, size, bits, isLong, work)
  }

  private init(_ picture: PNGWork.Picture) {
    self.init(name: picture.rawValue, size: picture.size, bits: picture.layout.bits, isLong: picture.count > 1) {
      try PNGWork(picture)
    }
  }
}
