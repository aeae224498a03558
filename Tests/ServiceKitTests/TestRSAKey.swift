/// An RSA key of 2,048 bits that signs nothing but the tokens of these tests.
///
/// Kept rather than made, since making one takes longer than a test should.
enum TestRSAKey {
    static let modulus = """
        mOjGxqNWxWOHE0qmoXEHYQf74F_naxeJ11pCQWFjCtCu2eZMkiiz-iR6DStLDwUjQ6Z9vJhfPfz8rsCoEV1STRJPGtzFDXjhbitH\
        bZOvrOGQ8srlpCNpDffq6iZYVt5EIfAZ4MgX-SNd84xjJyyky5o4d2Ck4dcN0VfKPUJkq0mYQOeZ1BlgQl6Fe1glnMVanRKuZ4Db\
        GRDE5YUrEFYg0yOAy7vbbNs7ipZolFyOlHvbTTifem8PSmC5y8WU6bK3V8Jjvt1tK0yRpRGjHPx0DXU5RG6y_OfIIzqHwXcWWssH\
        CQPt41iY98qMNeJwj9cVWzTqK9tpR6QVdjcOv_Fi9w
        """
    static let privateExponent = """
        KV0a3IQ2BlqIoTLaBaUeUmTHAajf4MvyyVNMxgPyt2vBSQewIf-pxBqW-7YA7XS91-CTde-gIBQuRJWwQVZF27x-sq0TDzRqgxNp\
        FJ7VcIZqYAt7-J1tn043-ZRa5FDnDGk3juOB_K7RDP-mmOPORpeW-9AkekVjIwTFHDI4Kk9okkRpVhTPY0nhKaIajdsVlZMlIt_s\
        wLEy9m2kRXSogzoxjI1WEwg5D8a1tjaAw-ZoG9bQkzaLRPycARzssvxn2aFoqZCS6tHBBccqTRl6jc2svmBG65AbYrxXOWcn_fBq\
        1p_JxFGo0esKF3XMS5UOjeJMPm_dHa9XBXO9YCosNQ
        """
}
