import Geography
import Testing

/// A place at whole 1e-7 degrees, for tests that draw on a small grid.
func place(_ latitudeE7: Int, _ longitudeE7: Int) throws -> Place {
    try #require(Place(latitudeE7: latitudeE7, longitudeE7: longitudeE7))
}

func ring(_ corners: [(Int, Int)]) throws -> Ring {
    try Ring(try corners.map { try place($0.0, $0.1) })
}

/// An upright rectangle from its south-west to its north-east corner.
func rectangle(_ south: Int, _ west: Int, _ north: Int, _ east: Int) throws -> Ring {
    try ring([(south, west), (south, east), (north, east), (north, west)])
}

func area(_ rings: Ring...) throws -> MultiPolygon {
    try MultiPolygon(rings.map { Polygon(outline: $0) })
}
