import Photos
import TestSupport
import Testing

@testable import Photos

@Test func `a JPEG and a PNG show the same picture`() throws {
    let picture = Picture.sample(width: 96, height: 64)

    #expect(try PhotoReader.read(picture.png(), fitting: 500) == picture)
    let jpeg = try JPEGWriter.write(picture, quality: 95)
    #expect(try PhotoReader.read(jpeg, fitting: 500).difference(from: picture) < 6)
}

@Test func `a large photo is read at a smaller size, with its shape`() throws {
    let jpeg = try JPEGWriter.write(.sample(width: 1_600, height: 1_200))
    let small = try PhotoReader.read(jpeg, fitting: 300)

    #expect(small.width == 300 && small.height == 225)
    #expect(DifferenceHash(small).distance(to: DifferenceHash(.sample(width: 1_600, height: 1_200))) <= 4)
}

@Test(arguments: Orientation.allCases, [true, false])
func `whichever way a camera was held, the picture stands upright`(orientation: Orientation, little: Bool) throws {
    let upright = Picture.sample(width: 64, height: 32)
    // What the camera saw: turning that by its own word gives the upright picture again.
    let inverse: Orientation = orientation == .right ? .left : orientation == .left ? .right : orientation
    let seen = upright.turned(from: inverse)
    #expect(seen.turned(from: orientation) == upright)
    let jpeg = SampleBytes.withExif(
        try JPEGWriter.write(seen, quality: 98), orientation: orientation, littleEndian: little)

    #expect(Exif.orientation(in: jpeg) == orientation)
    #expect(try PhotoReader.read(jpeg, fitting: 500).difference(from: upright) < 6)
}

@Test func `what others see has no EXIF`() throws {
    let jpeg = SampleBytes.withExif(
        try JPEGWriter.write(.sample(width: 64, height: 32)), orientation: .right, littleEndian: true)
    let shown = try JPEGWriter.write(try PhotoReader.read(jpeg, fitting: 500))

    #expect(jpeg.contains("GPS".utf8))
    #expect(!shown.contains("GPS".utf8) && !shown.contains("Exif".utf8))
}

@Test func `what is no photo, or none that can be read, is refused in words`() throws {
    let jpeg = try JPEGWriter.write(.sample(width: 640, height: 480))
    let heic = [0, 0, 0, 24] + Array("ftypheic".utf8) + [UInt8](repeating: 0, count: 16)
    func refusal(_ bytes: [UInt8]) -> PhotoError? {
        do {
            _ = try PhotoReader.read(bytes, fitting: 500)
            return nil
        } catch {
            return error
        }
    }

    #expect(refusal([]) == .notAPhoto)
    #expect(refusal(Array("<svg onload=…>".utf8)) == .notAPhoto)
    #expect(refusal(heic) == .heic)
    #expect(refusal(SampleBytes.cmyk()) == .printColours)
    #expect(refusal(SampleBytes.hugePNG()) == .tooManyPixels(width: 30_000, height: 30_000))
    #expect(
        refusal(Array(jpeg.prefix(jpeg.count / 2)))?.description.hasPrefix("is damaged or arrived incomplete") == true)
    #expect(refusal(Array(jpeg.prefix(20)))?.description.hasPrefix("is damaged") == true)
    #expect(PhotoError.heic.description.contains("Most Compatible"))
}

@Test func `a JPEG that says it is huge is refused before memory is taken for it`() throws {
    var jpeg = try JPEGWriter.write(.sample(width: 16, height: 16))
    let frame = try #require(jpeg.firstRange(of: [0xFF, 0xC0])).lowerBound
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])

    #expect(throws: PhotoError.tooManyPixels(width: 65_500, height: 65_500)) {
        try PhotoReader.read(jpeg, fitting: 500)
    }
}

@Test func `a progressive JPEG shows its picture`() throws {
    let picture = Picture.sample(width: 96, height: 64)
    let jpeg = SampleBytes.progressive(picture)

    #expect(jpeg.firstRange(of: [0xFF, 0xC2]) != nil)
    #expect(try PhotoReader.read(jpeg, fitting: 500).difference(from: picture) < 6)
}

/// 30 million pixels: many for a picture that is kept whole while it is read, few for one that is not.
private let large = (width: 6_000, height: 5_000)

@Test func `a JPEG that is kept whole while it is read may have no more pixels than a PNG`() throws {
    let baseline = SampleBytes.resized(
        try JPEGWriter.write(.sample(width: 16, height: 16)), frame: 0xC0, width: large.width, height: large.height)
    let progressive = SampleBytes.resized(
        SampleBytes.progressive(.sample(width: 16, height: 16)), frame: 0xC2, width: large.width, height: large.height)
    // Its first scan holds one colour of three.
    let scan = try #require(baseline.firstRange(of: [0xFF, 0xDA, 0, 12, 3])).lowerBound
    var inScans = baseline
    inScans.replaceSubrange(scan..<scan + 14, with: [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0])
    // A marker without a length, which the decoder passes over.
    var odd = baseline
    odd.insert(contentsOf: [0xFF, 0x01], at: try #require(baseline.firstRange(of: [0xFF, 0xDB])).lowerBound)

    for jpeg in [progressive, inScans, odd] {
        #expect(throws: PhotoError.tooManyPixels(width: large.width, height: large.height)) {
            try PhotoReader.read(jpeg, fitting: 500)
        }
    }
    #expect(try PhotoReader.read(baseline, fitting: 500).width == 500)
}

@Test func `whatever arrives is a picture or a refusal`() throws {
    var generator = SeededGenerator("photos")
    let originals = [
        try JPEGWriter.write(.sample(width: 48, height: 40)), Picture.sample(width: 24, height: 20).png(),
        SampleBytes.withExif(
            try JPEGWriter.write(.sample(width: 20, height: 20)), orientation: .left, littleEndian: false),
        SampleBytes.progressive(.sample(width: 24, height: 16)),
    ]
    var pictures = 0
    for round in 0..<3_000 {
        var bytes = originals[round % originals.count]
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        if round % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
        do {
            let picture = try PhotoReader.read(bytes, fitting: 100)
            #expect(picture.width <= 100 && picture.height <= 100)
            pictures += 1
        } catch {
            #expect(!error.description.isEmpty)
        }
    }
    #expect(pictures > 100, "some damage leaves a picture")
}

@Test func `copies look alike, other pictures do not`() throws {
    let picture = Picture.sample(width: 400, height: 300)
    let look = DifferenceHash(picture)
    let saved = try PhotoReader.read(try JPEGWriter.write(picture, quality: 30), fitting: 2_000)
    let brighter = Picture(width: 400, height: 300, pixels: picture.pixels.map { UInt8(min(255, Int($0) + 20)) })

    for copy in [saved, picture.fitting(120), brighter] { #expect(DifferenceHash(copy).distance(to: look) <= 10) }
    #expect(DifferenceHash(picture.turned(from: .upsideDown)).distance(to: look) > 20)
    #expect(DifferenceHash(bits: 0x2A).description == "000000000000002a")
}
